package dev.pgmedic.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The database itself refuses every change of state that the design does not list. */
@Timeout(60)
class TransitionsTest {

  private static final List<String> STATES =
      List.of(
          "awaiting_approval",
          "approved",
          "running",
          "succeeded",
          "failed",
          "rejected",
          "expired",
          "superseded",
          "cancelled");

  private static final Set<String> LISTED =
      Set.of(
          "awaiting_approval approved",
          "awaiting_approval rejected",
          "awaiting_approval expired",
          "awaiting_approval superseded",
          "awaiting_approval cancelled",
          "approved running",
          "approved expired",
          "approved superseded",
          "approved cancelled",
          "running succeeded",
          "running failed",
          "running cancelled",
          "running superseded");

  private static final Vertx VERTX = Vertx.vertx();
  private static final Incidents INCIDENTS = new Incidents(VERTX);

  @BeforeAll
  static void knowATarget() {
    TestDatabases.run(INCIDENTS.url, "INSERT INTO pgmedic.target (name) VALUES ('any')");
  }

  @AfterAll
  static void close() {
    INCIDENTS.store.close().await();
    VERTX.close().await();
  }

  static Stream<Arguments> pairs() {
    return STATES.stream()
        .flatMap(from ->
            STATES.stream().filter(to -> !to.equals(from)).map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void onlyTheListedTransitionsPass(String from, String to) {
    // Given
    TestDatabases.run(
        INCIDENTS.url,
        "DELETE FROM pgmedic.recovery_task",
        "INSERT INTO pgmedic.recovery_task (id, target, priority, state, plan, digest, fingerprint,"
            + " expires_at) VALUES (gen_random_uuid(), 'any', 'high', '"
            + from
            + "', '{}', '', '', now())");

    // When
    Throwable error =
        catchThrowable(() ->
            TestDatabases.run(
                INCIDENTS.url, "UPDATE pgmedic.recovery_task SET state = '" + to + "'"));

    // Then
    if (LISTED.contains(from + " " + to)) {
      assertThat(error).isNull();
    } else {
      assertThat(error).hasMessageContaining("never goes from " + from + " to " + to);
    }
  }
}
