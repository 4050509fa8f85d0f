package dev.pgmedic.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.task.TaskState;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every pair of states: those of the design are allowed, all others refused by the store itself.
 */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransitionTest {

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

  private static final Set<String> ALLOWED =
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

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();

  @BeforeAll
  void make() {
    Store.open(vertx, url).await().close().await();
  }

  @AfterAll
  void close() {
    vertx.close().await();
  }

  static Stream<List<String>> pairs() {
    return STATES.stream()
        .flatMap(
            from -> STATES.stream().filter(to -> !to.equals(from)).map(to -> List.of(from, to)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void isAllowedByTheStoreOnlyWhereTheDesignHasIt(List<String> pair) {
    // Given
    UUID task = UUID.randomUUID();
    TestDatabases.run(
        url,
        "INSERT INTO pgmedic.target VALUES ('" + task + "')",
        "SET session_replication_role = replica", // how it came there is another test's matter
        insert(task, pair.get(0)),
        "INSERT INTO pgmedic.approval (task, decided_by, decision, plan_digest, comment,"
            + " accept_data_loss, authenticated_by)"
            + " VALUES ('%s', 'jarvis', 'approve', '', '', false, 'token')".formatted(task));
    String move =
        "UPDATE pgmedic.recovery_task SET state = '%s' WHERE id = '%s'"
            .formatted(pair.get(1), task);

    // When, Then
    if (ALLOWED.contains(String.join(" ", pair))) {
      TestDatabases.run(url, move);
      assertThat(
              TestDatabases.query(
                  url, "SELECT state FROM pgmedic.recovery_task WHERE id = '" + task + "'"))
          .containsExactly(pair.get(1));
    } else {
      assertThatThrownBy(() -> TestDatabases.run(url, move))
          .hasMessageContaining("never goes from " + pair.get(0) + " to " + pair.get(1));
    }
  }

  static List<String> states() {
    return STATES;
  }

  @ParameterizedTest
  @MethodSource("states")
  void aTaskBeginsAsAProposalAlone(String state) {
    // Given
    UUID task = UUID.randomUUID();
    TestDatabases.run(url, "INSERT INTO pgmedic.target VALUES ('" + task + "')");

    // When
    Throwable refusal = catchThrowable(() -> TestDatabases.run(url, insert(task, state)));

    // Then
    if (state.equals("awaiting_approval")) {
      assertThat(refusal).isNull();
    } else {
      assertThat(refusal).hasMessageContaining("never begins as " + state);
    }
  }

  private static String insert(UUID task, String state) {
    return ("INSERT INTO pgmedic.recovery_task (id, target, priority, state, plan, digest,"
            + " fingerprint, expires_at) VALUES ('%s', '%s', 'high', '%s', '{}', '', '', now())")
        .formatted(task, task, state);
  }

  @Test
  void theStoreHasTheEdgesOfTheDesign() {
    // When
    List<String> edges =
        TestDatabases.query(
            url, "SELECT from_state || ' ' || to_state FROM pgmedic.task_transition");

    // Then
    assertThat(edges).containsExactlyInAnyOrderElementsOf(ALLOWED);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aStateKeepsItsName(List<String> pair) {
    assertThat(TaskState.of(pair.get(0)).label()).isEqualTo(pair.get(0));
  }
}
