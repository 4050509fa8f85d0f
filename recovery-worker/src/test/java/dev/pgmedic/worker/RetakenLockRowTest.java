package dev.pgmedic.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.plan.action.StepType;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.testing.TestDatabases;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A tool's lock row is cleared while it is the one that was judged, and never another run's. */
@Timeout(120)
class RetakenLockRowTest {

  private static final String HELD = "SELECT locked FROM databasechangeloglock";

  private final PostgresUrl url = TestDatabases.fresh();
  private final Target target = RecoveryScene.target(url, url);
  private final RecoveryScene scene = new RecoveryScene();

  @AfterEach
  void close() {
    scene.close();
  }

  private RecoveryTask approved() {
    scene.broken(target);
    TestDatabases.run(
        url,
        "CREATE TABLE databasechangeloglock (id int PRIMARY KEY, locked boolean NOT NULL,"
            + " lockgranted timestamp, lockedby varchar(255))",
        "INSERT INTO databasechangeloglock VALUES (1, true, now() AT TIME ZONE 'UTC' - interval"
            + " '13 hours', 'pod-7 (10.1.2.3)')");
    RecoveryTask task = scene.approved(target);
    assertThat(task.plan().steps())
        .extracting(step -> step.action().type())
        .contains(StepType.CLEAR_LOCK_ROW);
    return task;
  }

  private RecoveryTask ended(RecoveryTask task) {
    String worker = scene.deploy(target);
    RecoveryTask ended = scene.ended(task);
    scene.vertx().undeploy(worker).await();
    return ended;
  }

  @Test
  void theRowThatWasJudgedIsCleared() {
    // Given
    RecoveryTask task = approved();

    // When
    RecoveryTask ended = ended(task);

    // Then
    assertThat(ended.state().label()).as(ended.toString()).isEqualTo("succeeded");
    assertThat(TestDatabases.query(url, HELD)).isEqualTo(List.of("f"));
  }

  @Test
  void aRowThatWasWrittenAnewWithTheSameValueIsAnotherRuns() {
    // Given
    RecoveryTask task = approved();
    TestDatabases.run(url, "UPDATE databasechangeloglock SET locked = locked");

    // When
    RecoveryTask ended = ended(task);

    // Then
    assertThat(ended.state().label()).as(ended.toString()).isEqualTo("superseded");
    assertThat(ended.steps()).isEmpty();
    assertThat(TestDatabases.query(url, HELD)).isEqualTo(List.of("t"));
    assertThat(TestDatabases.query(url, "SELECT to_regclass('users') IS NULL"))
        .isEqualTo(List.of("t"));
  }
}
