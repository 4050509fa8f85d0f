package dev.pgmedic.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.pgmedic.lock.LockScene;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An index that is being built is no fault, and hides none; one whose build died is told at once.
 */
@Timeout(180)
class IndexBuildsTest {

  private final Vertx vertx = Vertx.vertx();
  private final LockScene scene = new LockScene();
  private final DatabaseCheck check =
      new DatabaseCheck(vertx, Clock.systemUTC(), Checks.LOCK_PAUSE);

  @BeforeEach
  void fill() {
    TestDatabases.run(
        scene.url(),
        "CREATE TABLE \"a visit\" (id int)",
        "CREATE TABLE person (id int)",
        "CREATE INDEX person_id ON person (id)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'person_id'::regclass");
  }

  @AfterEach
  void close() {
    scene.close();
    vertx.close().await();
  }

  private Look look(Optional<LastLook> before) {
    Look look = check.run(Target.of("scene", scene.url()), KnownGoodLookup.NONE, before).await();
    assertThat(look.diagnosis().glance().orElseThrow().migrationAtWork()).isFalse();
    return look;
  }

  private static List<String> texts(Look look) {
    return look.diagnosis().findings().stream().map(Checks::text).toList();
  }

  // It waits for the end of every transaction that is older, the last thing that a build does.
  @CanIgnoreReturnValue
  private Connection building(String statement) {
    scene.session("report", "BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT 1 FROM pg_class");
    Connection builder = scene.queued("migration", statement);
    await()
        .untilAsserted(() ->
            assertThat(
                    TestDatabases.query(
                        scene.url(),
                        "SELECT 1 FROM pg_index WHERE NOT indisvalid AND indexrelid::regclass::text"
                            + " LIKE '%visit%'"))
                .isNotEmpty());
    return builder;
  }

  private void kill(Connection builder) {
    TestDatabases.run(
        scene.url(), "SELECT pg_terminate_backend(" + TestDatabases.pid(builder) + ", 5000)");
  }

  @Test
  void anIndexThatIsBeingBuiltIsNoFaultAndHidesNone() {
    // Given
    building("CREATE INDEX CONCURRENTLY visit_id ON \"a visit\" (id)");

    // When
    Look look = look(Optional.empty());

    // Then
    assertThat(texts(look)).containsExactly("index.invalid public.person_id");
    assertThat(look.diagnosis().withheld())
        .singleElement()
        .matches(key -> key.subject().equals("public.visit_id"));
  }

  @Test
  void theCopyThatAReindexMakesIsNoFault() {
    // Given
    TestDatabases.run(scene.url(), "CREATE INDEX visit_id ON \"a visit\" (id)");
    building("REINDEX TABLE CONCURRENTLY \"a visit\"");

    // When
    Look look = look(Optional.empty());

    // Then
    assertThat(texts(look)).containsExactly("index.invalid public.person_id");
  }

  @Test
  void oneWhoseBuildDiedIsAFaultAlthoughNothingInTheSchemaChanged() {
    // Given
    Connection builder = building("CREATE INDEX CONCURRENTLY visit_id ON \"a visit\" (id)");
    Look first = look(Optional.empty());
    Look second = look(first.memory());

    // When
    kill(builder);

    // Then
    assertThat(second.diagnosis().observation()).isEmpty();
    assertThat(texts(look(second.memory())))
        .containsExactlyInAnyOrder(
            "index.invalid public.person_id", "index.invalid public.visit_id");
  }

  @Test
  void whereABuildMayNotBeSeenNoInvalidIndexIsAFault() {
    // Given
    building("CREATE INDEX CONCURRENTLY visit_id ON \"a visit\" (id)");
    String stranger = TestDatabases.role(scene.url());

    // When
    Look look =
        check
            .run(
                Target.of("scene", TestDatabases.as(scene.url(), stranger)),
                KnownGoodLookup.NONE,
                Optional.empty())
            .await();

    // Then
    assertThat(look.diagnosis().withheld()).hasSize(2);
  }
}
