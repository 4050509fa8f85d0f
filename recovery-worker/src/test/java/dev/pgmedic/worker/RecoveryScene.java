package dev.pgmedic.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode.Healing;
import dev.pgmedic.plan.PlanOutcome;
import dev.pgmedic.plan.Planner;
import dev.pgmedic.plan.Step;
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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Databases with a table that vanished and an invalid index, and workers that heal them under short
 * deadlines. Used one at a time.
 */
final class RecoveryScene implements AutoCloseable {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Deadlines DEADLINES =
      new Deadlines(
          SECOND, SECOND.multipliedBy(3), SECOND, SECOND, SECOND, SECOND.multipliedBy(20), SECOND);

  private final Vertx vertx = Vertx.vertx();
  private final Checks checks = new Checks(vertx);
  private final Store store = Store.open(vertx, TestDatabases.fresh()).await();
  private final Tasks tasks = new Tasks(store);
  private final Baselines baselines = new Baselines(store);

  Vertx vertx() {
    return vertx;
  }

  /** A target that is looked at by one way and healed by another. */
  static Target target(PostgresUrl url, PostgresUrl recovery) {
    return new Target(
        url.database(),
        url,
        Map.of(),
        Migrations.DETECTED,
        Expectation.NONE,
        Optional.of(new Recovery(recovery, List.of())),
        Target.DEFAULT_CHECK_EVERY,
        DEADLINES);
  }

  /** As {@link #broken(Target, Breakage)}, by a table that vanished. */
  void broken(Target target) {
    broken(target, Breakage.LOST_TABLE);
  }

  /** Makes a database, keeps it as known-good, and breaks it. */
  void broken(Target target, Breakage how) {
    how.makeHealthy(target.url());
    KnownGood good = checks.knownGood(target.url());
    new Reports(store).register(List.of(target)).await();
    Baselines.NewBaseline baseline =
        new Baselines.NewBaseline(
            Optional.empty(), false, good.catalog(), good.script(), List.of());
    assertThat(baselines.save(target.name(), baseline, Optional.empty()).await()).isTrue();
    how.breakIt(target.url());
  }

  /** The task for all that proposes itself, approved. */
  RecoveryTask approved(Target target) {
    Diagnosis diagnosis = look(target);
    assertThat(new Issues(store).record(target, diagnosis).await().issues()).isNotEmpty();
    Planner planner = Proposer.planner(target, diagnosis, wanted(diagnosis)).orElseThrow();
    PlanOutcome outcome = new Proposer(vertx).plan(target, diagnosis, planner).await();
    RecoveryTask task = tasks.propose(((PlanOutcome.Planned) outcome).plan()).await().orElseThrow();
    Decision decision = new Decision("jarvis", "token", task.plan().digest(), "go", true);
    return tasks.approve(task.id(), decision).await().orElseThrow();
  }

  private Diagnosis look(Target target) {
    return checks.run(target, version -> baselines.find(target.name(), version));
  }

  private static List<Finding> wanted(Diagnosis diagnosis) {
    return diagnosis.findings().stream()
        .filter(finding -> finding.code().healing() == Healing.PROPOSED)
        .toList();
  }

  /** Starts a worker for the target; the caller undeploys it. */
  String deploy(Target target) {
    return vertx
        .deployVerticle(
            new RecoveryWorkerVerticle(
                store, List.of(target), Checks.LOCK_PAUSE, Duration.ofSeconds(5)))
        .await();
  }

  /** Waits for the end of a task. */
  RecoveryTask ended(RecoveryTask task) {
    return untilEnded(task.id()).await();
  }

  private Future<RecoveryTask> untilEnded(UUID id) {
    return tasks
        .find(id)
        .compose(task ->
            task.orElseThrow().state().open()
                ? vertx.timer(20).compose(waited -> untilEnded(id))
                : Future.succeededFuture(task.get()));
  }

  /** Waits until no session of a recovery is left in the database. */
  static void assertNoSession(PostgresUrl url) {
    await().atMost(SOON).until(() -> sessions(url).isEmpty());
  }

  private static List<String> sessions(PostgresUrl url) {
    return TestDatabases.query(
        url,
        "SELECT application_name FROM pg_stat_activity WHERE datname = current_database()"
            + " AND application_name LIKE 'pgmedic%'");
  }

  /** As {@link #assertWhole(Breakage, PostgresUrl, RecoveryTask)}, of a table that vanished. */
  static void assertWhole(PostgresUrl url, RecoveryTask ended) {
    assertWhole(Breakage.LOST_TABLE, url, ended);
  }

  /** What a step does is there whole or not at all, and no row is lost. */
  static void assertWhole(Breakage how, PostgresUrl url, RecoveryTask ended) {
    how.assertWhole(url, ended);
    assertThat(TestDatabases.query(url, "SELECT count(*) || ' ' || sum(id) FROM orders"))
        .containsExactly("500 125250");
  }

  /** Each step ended within its timeout and a second. */
  static void assertInTime(RecoveryTask ended) {
    assertThat(ended.steps()).allSatisfy(run -> assertInTime(ended, run));
  }

  private static void assertInTime(RecoveryTask ended, StepRun run) {
    Step step = ended.plan().steps().get(run.index() - 1);
    Instant end = run.finishedAt().orElseThrow();
    assertThat(Duration.between(run.startedAt(), end))
        .as(step.title() + ": " + run.output())
        .isLessThan(step.timeout().plus(SECOND));
  }

  /** What is still broken is healed by the next recovery. */
  void assertHealable(Target target) {
    if (wanted(look(target)).isEmpty()) {
      return;
    }
    RecoveryTask task = approved(target);
    String worker = deploy(target);
    RecoveryTask healed = ended(task);
    vertx.undeploy(worker).await();
    assertThat(healed.state().label()).as(healed.toString()).isEqualTo("succeeded");
    assertThat(wanted(look(target))).isEmpty();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
