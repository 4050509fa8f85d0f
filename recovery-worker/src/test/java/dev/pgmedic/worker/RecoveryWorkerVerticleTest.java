package dev.pgmedic.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.event.Cursor;
import dev.pgmedic.event.Event;
import dev.pgmedic.event.EventFilter;
import dev.pgmedic.event.EventType;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.plan.PlanOutcome;
import dev.pgmedic.plan.Planner;
import dev.pgmedic.plan.action.Action;
import dev.pgmedic.proposal.Proposer;
import dev.pgmedic.store.Baselines;
import dev.pgmedic.store.Decision;
import dev.pgmedic.store.Issues;
import dev.pgmedic.store.Reports;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Tasks;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.Expectation;
import dev.pgmedic.target.Migrations;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Recovery;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.StepRun;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An approved plan is executed as it was approved, once, or it ends honestly. */
@Timeout(120)
class RecoveryWorkerVerticleTest {

  private final Vertx vertx = Vertx.vertx();
  private final Checks checks = new Checks(vertx);
  private final PostgresUrl url = TestDatabases.fresh();
  private final PostgresUrl storeUrl = TestDatabases.fresh();
  private final Store store = Store.open(vertx, storeUrl).await();
  private final Tasks tasks = new Tasks(store);

  @BeforeEach
  void migrate() {
    TestDatabases.run(
        url,
        "CREATE TABLE users (id int PRIMARY KEY, name text)",
        "CREATE TABLE orders (id int PRIMARY KEY, owner int CONSTRAINT owned REFERENCES users)",
        "CREATE VIEW names AS SELECT name FROM users",
        "INSERT INTO users VALUES (1, 'a')",
        "INSERT INTO orders VALUES (7, 1)");
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void aTableThatIsGoneIsRebuiltVerifiedAndItsLossStaysOpen() {
    // Given
    RecoveryTask task = approved(List.of());

    // When
    work(List.of());

    // Then
    RecoveryTask ended = ended(task.id());
    assertThat(ended.state().label()).as(ended.toString()).isEqualTo("succeeded");
    assertThat(ended.steps()).extracting(StepRun::state).containsOnly("succeeded");
    assertThat(open()).containsExactlyInAnyOrder("data.lost public.users", NOT_VALID);
    assertThat(TestDatabases.query(url, "SELECT id || ' ' || owner FROM orders"))
        .containsExactly("7 1");
    assertThat(
            TestDatabases.query(
                url,
                "SELECT pid FROM pg_stat_activity WHERE application_name ~ '^pgmedic/'"
                    + " AND datname = current_database()"))
        .isEmpty();
  }

  @Test
  void aStepThatWaitsSaysForWhomAndGoesOn() throws SQLException {
    // Given
    RecoveryTask task = approved(List.of());

    // When
    StepRun waiting;
    int other;
    try (Connection session = TestDatabases.connect(url);
        Statement statement = session.createStatement()) {
      statement.execute("BEGIN");
      statement.execute("LOCK TABLE orders IN ROW EXCLUSIVE MODE");
      other = TestDatabases.pid(session);
      work(List.of());
      waiting = untilSaid(task.id()).await();
    }

    // Then
    assertThat(waiting.state()).isEqualTo("running");
    assertThat(waiting.output()).contains("waits for a lock of session " + other);
    assertThat(ended(task.id()).state().label()).isEqualTo("succeeded");
    assertThat(events(EventType.STEP_PROGRESS))
        .extracting(event -> event.data().getString("output"))
        .contains("waits for a lock of session " + other);
  }

  private Future<StepRun> untilSaid(UUID id) {
    return tasks
        .find(id)
        .map(task -> task.orElseThrow().steps().stream().filter(step -> step.output().isPresent()))
        .compose(said ->
            said.findFirst()
                .map(Future::succeededFuture)
                .orElseGet(() -> vertx.timer(50).compose(later -> untilSaid(id))));
  }

  private List<Event> events(EventType type) {
    return store
        .events()
        .bounds()
        .compose(bounds ->
            store
                .events()
                .read(
                    new Cursor(bounds.newest().epoch(), 0),
                    EventFilter.parse("", type.toString()),
                    100))
        .await()
        .events();
  }

  private static final String NOT_VALID = "constraint.not-valid public.orders.owned";

  @Test
  void aTargetThatChangedSinceTheApprovalIsLeftAlone() {
    // Given
    RecoveryTask task = approved(List.of());
    TestDatabases.run(url, "CREATE TABLE users (other text)");

    // When
    work(List.of());

    // Then
    assertThat(ended(task.id()).state().label()).isEqualTo("superseded");
    assertThat(ended(task.id()).steps()).isEmpty();
    assertThat(TestDatabases.query(url, "SELECT count(*) FROM users")).containsExactly("0");
  }

  @Test
  void anotherDatabaseUnderTheSameNameIsLeftAlone() {
    // Given: the URL of the target changed after the approval
    RecoveryTask task = approved(List.of());
    PostgresUrl other = TestDatabases.fresh();

    // When
    work(target(other, List.of()));

    // Then
    RecoveryTask ended = ended(task.id());
    assertThat(ended.state().label()).isEqualTo("superseded");
    assertThat(ended.outcome()).contains("another database answers under this name");
    assertThat(ended.steps()).isEmpty();
    assertThat(TestDatabases.query(other, "SELECT to_regclass('users') IS NULL"))
        .containsExactly("t");
  }

  @Test
  void whatAWorkerHadBegunIsNotSupersededButFailedWithWhatStays() {
    // Given
    RecoveryTask task = approved(List.of());
    vanished(task, 1);

    // When
    work(target(TestDatabases.fresh(), List.of()));

    // Then
    assertThat(ended(task.id()).state().label()).isEqualTo("failed");
    assertThat(ended(task.id()).outcome().orElse(""))
        .contains("another database answers", "step 1 ran and stays");
  }

  @Test
  void aWorkerThatVanishedBeforeItsFirstStepLeavesATaskThatIsComparedAsAnyOther() {
    // Given
    RecoveryTask task = approved(List.of());
    vanished(task);
    TestDatabases.run(url, "CREATE TABLE users (other text)");

    // When
    work(List.of());

    // Then
    assertThat(ended(task.id()).state().label()).isEqualTo("superseded");
  }

  @Test
  void aServiceThatAWorkerRestartedIsNotRestartedByTheNextOne(@TempDir Path folder)
      throws IOException {
    // Given: steps 1 (rebuild) and 2 (a restart) were done and journalled, and 3 (a restart) was
    // not
    Path restarts = folder.resolve("restarts");
    List<List<String>> restart =
        List.of(
            List.of("sh", "-c", "echo first >> " + restarts),
            List.of("sh", "-c", "echo second >> " + restarts));
    RecoveryTask task = approved(restart);
    Action rebuilt = task.plan().steps().get(0).action();
    TestDatabases.run(url, ((Action.Transaction) rebuilt).body().toArray(String[]::new));
    vanished(task, 1, 2);

    // When
    work(restart);

    // Then
    assertThat(ended(task.id()).state().label()).isEqualTo("succeeded");
    assertThat(restarts).hasContent("second");
  }

  // As SIGKILL leaves a task behind.
  private void vanished(RecoveryTask task, int... done) {
    TestDatabases.run(
        storeUrl,
        "UPDATE pgmedic.recovery_task SET state = 'running', fence = 1, started_at = now(),"
            + " lease_owner = gen_random_uuid(), lease_until = now() - interval '1 s'");
    for (int index : done) {
      TestDatabases.run(
          storeUrl,
          "INSERT INTO pgmedic.step_run (task, index, state, finished_at) VALUES ('"
              + task.id()
              + "', "
              + index
              + ", 'succeeded', now())");
    }
  }

  @Test
  void aCommandThatFailsFailsTheTaskAndSaysWhy() {
    // Given
    List<List<String>> restart = List.of(List.of("sh", "-c", "echo no such service; exit 3"));
    RecoveryTask task = approved(restart);

    // When
    work(restart);

    // Then
    RecoveryTask ended = ended(task.id());
    assertThat(ended.state().label()).isEqualTo("failed");
    assertThat(ended.outcome().orElse("")).contains("ended with 3", "no such service");
  }

  @Test
  void twoWorkersExecuteATaskOnce() {
    // Given
    RecoveryTask task = approved(List.of());

    // When
    work(List.of());
    work(List.of());

    // Then
    assertThat(ended(task.id()).state().label()).isEqualTo("succeeded");
    assertThat(events(EventType.TASK_STARTED)).hasSize(1);
  }

  private Target target(List<List<String>> restart) {
    return target(url, restart);
  }

  private static Target target(PostgresUrl where, List<List<String>> restart) {
    return new Target(
        "shop",
        where,
        Map.of(),
        Migrations.DETECTED,
        Expectation.NONE,
        Optional.of(new Recovery(where, restart)),
        Target.DEFAULT_CHECK_EVERY,
        Deadlines.DEFAULT);
  }

  private RecoveryTask approved(List<List<String>> restart) {
    Target target = target(restart);
    KnownGood good = checks.knownGood(url);
    new Reports(store).register(List.of(target)).await();
    Baselines baselines = new Baselines(store);
    boolean saved =
        baselines
            .save(
                "shop",
                new Baselines.NewBaseline(
                    Optional.empty(), false, good.catalog(), good.script(), List.of()),
                Optional.empty())
            .await();
    assertThat(saved).isTrue();
    TestDatabases.run(url, "DROP TABLE users CASCADE");
    Diagnosis diagnosis = checks.run(target, version -> baselines.find("shop", version));
    assertThat(new Issues(store).record(target, diagnosis).await().healthy()).isFalse();
    Planner planner = Proposer.planner(target, diagnosis, diagnosis.findings()).orElseThrow();
    PlanOutcome outcome = new Proposer(vertx).plan(target, diagnosis, planner).await();
    RecoveryTask task = tasks.propose(((PlanOutcome.Planned) outcome).plan()).await().orElseThrow();
    Decision decision = new Decision("jarvis", "token", task.plan().digest(), "go", true);
    return tasks.approve(task.id(), decision).await().orElseThrow();
  }

  private void work(List<List<String>> restart) {
    work(target(restart));
  }

  private void work(Target target) {
    String id =
        vertx
            .deployVerticle(
                new RecoveryWorkerVerticle(
                    store, List.of(target), Checks.LOCK_PAUSE, Duration.ofSeconds(5)))
            .await();
    assertThat(id).isNotEmpty();
  }

  private RecoveryTask ended(UUID id) {
    return untilEnded(id).await();
  }

  private Future<RecoveryTask> untilEnded(UUID id) {
    return tasks
        .find(id)
        .compose(task ->
            task.orElseThrow().state().open()
                ? vertx.timer(50).compose(waited -> untilEnded(id))
                : Future.succeededFuture(task.get()));
  }

  private List<String> open() {
    return new Issues(store)
        .open("shop").await().stream()
            .map(issue -> issue.finding())
            .map((Finding finding) -> Checks.text(finding))
            .toList();
  }
}
