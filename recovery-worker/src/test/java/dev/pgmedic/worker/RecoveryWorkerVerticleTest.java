package dev.pgmedic.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.plan.PlanOutcome;
import dev.pgmedic.plan.Planner;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An approved plan is executed as it was approved, once, or it ends honestly. */
@Timeout(60)
class RecoveryWorkerVerticleTest {

  private final Vertx vertx = Vertx.vertx();
  private final Checks checks = new Checks(vertx);
  private final PostgresUrl url = TestDatabases.fresh();
  private final Store store = Store.open(vertx, TestDatabases.fresh()).await();
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
    assertThat(
            store
                .events()
                .bounds()
                .compose(bounds ->
                    store
                        .events()
                        .read(
                            new dev.pgmedic.event.Cursor(bounds.newest().epoch(), 0),
                            Optional.empty(),
                            Optional.of(dev.pgmedic.event.EventType.TASK_STARTED),
                            10))
                .await())
        .hasSize(1);
  }

  private Target target(List<List<String>> restart) {
    return new Target(
        "shop",
        url,
        Map.of(),
        Migrations.DETECTED,
        Expectation.NONE,
        Optional.of(new Recovery(url, restart)),
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
    String id =
        vertx
            .deployVerticle(
                new RecoveryWorkerVerticle(
                    store, List.of(target(restart)), Checks.LOCK_PAUSE, Duration.ofSeconds(5)))
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
