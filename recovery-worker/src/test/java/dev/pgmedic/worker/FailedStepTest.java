package dev.pgmedic.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.event.EventType;
import dev.pgmedic.plan.PlanOutcome;
import dev.pgmedic.plan.Planner;
import dev.pgmedic.plan.action.Action;
import dev.pgmedic.plan.action.StepType;
import dev.pgmedic.proposal.Proposer;
import dev.pgmedic.store.Baselines;
import dev.pgmedic.store.Decision;
import dev.pgmedic.store.Issues;
import dev.pgmedic.store.Reports;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Tasks;
import dev.pgmedic.store.Undos;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Recovery;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.StepRun;
import dev.pgmedic.task.Terms;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A plan of three steps whose last one fails: a table is moved out of the way (which knows a way
 * back), a label is added (which knows none), and a unique index cannot be built over duplicates.
 */
@Timeout(120)
class FailedStepTest {

  private static final Duration SOON = Duration.ofSeconds(60);

  private final Vertx vertx = Vertx.vertx();
  private final Checks checks = new Checks(vertx);
  private final PostgresUrl url = TestDatabases.fresh();
  private final PostgresUrl storeUrl = TestDatabases.fresh();
  private final Store store = Store.open(vertx, storeUrl).await();
  private final Tasks tasks = new Tasks(store);
  private final Baselines baselines = new Baselines(store);
  private final Target target =
      Target.of("shop", url).healedBy(new Recovery(url, List.of(List.of("false"))));
  private RecoveryTask task;

  @BeforeEach
  void approve() {
    TestDatabases.run(
        url,
        "CREATE TYPE mood AS ENUM ('sad', 'ok')",
        "CREATE TABLE goods (id int PRIMARY KEY, mood mood, code int)",
        "CREATE UNIQUE INDEX goods_code ON goods (code)");
    KnownGood good = checks.knownGood(url);
    new Reports(store).register(List.of(target)).await();
    Baselines.NewBaseline baseline =
        new Baselines.NewBaseline(
            Optional.empty(), false, good.catalog(), good.script(), List.of());
    assertThat(baselines.save("shop", baseline, Optional.empty()).await()).isTrue();
    TestDatabases.run(
        url,
        "CREATE TABLE notes (id int)",
        "INSERT INTO notes SELECT generate_series(1, 30)",
        "ALTER TYPE mood RENAME TO mood_before",
        "CREATE TYPE mood AS ENUM ('sad')",
        "ALTER TABLE goods ALTER COLUMN mood TYPE mood USING mood::text::mood",
        "DROP TYPE mood_before",
        "UPDATE pg_index SET indisvalid = false, indisready = false"
            + " WHERE indexrelid = 'goods_code'::regclass",
        "INSERT INTO goods VALUES (1, 'sad', 7), (2, 'sad', 7)");
    Diagnosis diagnosis = checks.run(target, version -> baselines.find("shop", version));
    assertThat(new Issues(store).record(target, diagnosis).await().healthy()).isFalse();
    Planner planner = Proposer.planner(target, diagnosis, diagnosis.findings()).orElseThrow();
    PlanOutcome outcome = new Proposer(vertx).plan(target, diagnosis, planner).await();
    RecoveryTask proposed =
        tasks.propose(((PlanOutcome.Planned) outcome).plan()).await().orElseThrow();
    Decision yes = new Decision("jarvis", "token", proposed.plan().digest(), "go", true);
    task = tasks.approve(proposed.id(), yes).await().orElseThrow();
    assertThat(task.plan().steps())
        .extracting(step -> step.action().type())
        .containsExactly(
            StepType.QUARANTINE,
            StepType.ENSURE_ENUM,
            StepType.REBUILD_INDEX,
            StepType.RESTART_SERVICE,
            StepType.VERIFY);
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private void work() {
    assertThat(
            vertx
                .deployVerticle(
                    new RecoveryWorkerVerticle(
                        store, List.of(target), Checks.LOCK_PAUSE, Duration.ofSeconds(5)))
                .await())
        .isNotEmpty();
  }

  private RecoveryTask ended() {
    return untilEnded(task.id()).await();
  }

  private Future<RecoveryTask> untilEnded(UUID id) {
    return tasks
        .find(id)
        .compose(found ->
            found.orElseThrow().state().open()
                ? vertx.timer(50).compose(waited -> untilEnded(id))
                : Future.succeededFuture(found.get()));
  }

  private String query(String sql) {
    return String.join(", ", TestDatabases.query(url, sql));
  }

  private String notes() {
    return query(
        "SELECT regexp_replace(schemaname, '_q_.*', '') FROM pg_tables WHERE tablename = 'notes'");
  }

  private static List<String> states(RecoveryTask task) {
    return task.steps().stream().map(StepRun::state).toList();
  }

  @Test
  void whatKnowsAWayBackIsTakenBackAndTheRestIsNamed() {
    // When
    work();
    RecoveryTask ended = ended();

    // Then
    assertThat(ended.state().label()).as(ended.toString()).isEqualTo("failed");
    assertThat(states(ended)).containsExactly("undone", "succeeded", "failed");
    assertThat(ended.outcome().orElse(""))
        .startsWith("step 3 (Build anew the invalid index public.goods_code): ")
        .endsWith(
            "; step 1 was taken back; step 2 ran and stays (step 2: it knows no way back);"
                + " once the cause is mended, ask for a new plan");
    assertThat(notes()).isEqualTo("public");
    assertThat(query("SELECT count(DISTINCT id) FROM notes")).isEqualTo("30");
    assertThat(query("SELECT enum_range(NULL::mood)")).isEqualTo("{sad,ok}");
    assertThat(query("SELECT count(*) FROM goods")).isEqualTo("2");
    assertThat(TestDatabases.advisoryLocks(url)).isEmpty();
    assertThat(
            TestDatabases.query(
                storeUrl,
                "SELECT data #>> '{index}' FROM pgmedic.event WHERE type = '"
                    + EventType.STEP_UNDONE
                    + "'"))
        .containsExactly("1");
  }

  @Test
  void whatCannotBeTakenBackStaysAndCanBeTakenBackByATaskOfItsOwn() throws SQLException {
    // Given: while the index is built somebody puts another table in the place of the first
    RecoveryTask ended;
    try (Connection other = TestDatabases.connect(url);
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN");
      statement.execute("LOCK TABLE goods IN ROW EXCLUSIVE MODE");
      work();
      await().atMost(SOON).until(() -> notes().equals("pgmedic") && isBuilding());
      TestDatabases.run(url, "CREATE TABLE notes (other text)");

      // When
      statement.execute("ROLLBACK");
      ended = ended();
    }

    // Then
    assertThat(ended.state().label()).as(ended.toString()).isEqualTo("failed");
    assertThat(states(ended)).containsExactly("succeeded", "succeeded", "failed");
    assertThat(ended.steps().get(0).output().orElse("")).contains("could not be taken back");
    assertThat(ended.outcome().orElse(""))
        .contains(
            "step 1 could not be taken back: ",
            "steps 1, 2 ran and stay",
            "undo of this task takes back step 1");
    TestDatabases.run(url, "DROP TABLE notes");
    assertThat(
            new Undos(store)
                .propose(task.id(), Terms.DEFAULT)
                .await()
                .orElseThrow()
                .task()
                .plan()
                .steps())
        .extracting(step -> step.action().type())
        .containsExactly(StepType.UNDO, StepType.VERIFY);
  }

  private boolean isBuilding() {
    return !query("SELECT pid FROM pg_stat_progress_create_index").isEmpty();
  }

  @Test
  void aWorkerThatVanishedBehindAFailureIsFollowedByOneThatGoesBackAndNotOn() {
    // Given: the first two steps were done, the third failed, and then came SIGKILL
    Action moved = task.plan().steps().get(0).action();
    TestDatabases.run(url, ((Action.Transaction) moved).body().toArray(String[]::new));
    TestDatabases.run(
        storeUrl,
        "UPDATE pgmedic.recovery_task SET state = 'running', fence = 1, started_at = now(),"
            + " lease_owner = gen_random_uuid(), lease_until = now() - interval '1 s'",
        "INSERT INTO pgmedic.step_run (task, index, state, finished_at, output) VALUES ('"
            + task.id()
            + "', 1, 'undoing', now(), 'moved'), ('"
            + task.id()
            + "', 3, 'failed', now(), 'duplicates')");

    // When
    work();
    RecoveryTask ended = ended();

    // Then
    assertThat(ended.state().label()).as(ended.toString()).isEqualTo("failed");
    assertThat(states(ended)).containsExactly("undone", "failed");
    assertThat(ended.outcome().orElse(""))
        .contains("duplicates", "step 1 was taken back; no other step was done");
    assertThat(notes()).isEqualTo("public");
    assertThat(query("SELECT enum_range(NULL::mood)")).as("not gone on with").isEqualTo("{sad}");
  }

  @Test
  void aRestartThatFailsTakesNothingBack() {
    // Given
    TestDatabases.run(url, "DELETE FROM goods WHERE id = 2");

    // When
    work();
    RecoveryTask ended = ended();

    // Then
    assertThat(ended.state().label()).as(ended.toString()).isEqualTo("failed");
    assertThat(states(ended)).containsExactly("succeeded", "succeeded", "succeeded", "failed");
    assertThat(ended.outcome().orElse("")).contains("the database is as the plan wants it");
    assertThat(notes()).isEqualTo("pgmedic");
  }
}
