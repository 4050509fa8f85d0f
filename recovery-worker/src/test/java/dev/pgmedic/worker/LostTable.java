package dev.pgmedic.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.check.Diagnosis;
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
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/** A database that lost a table, the task that makes it anew, and workers that may run it. */
final class LostTable implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  private final Checks checks = new Checks(vertx);
  private final PostgresUrl url = TestDatabases.fresh();
  private final PostgresUrl storeUrl = TestDatabases.fresh();
  private final Store store = Store.open(vertx, storeUrl).await();
  private final Tasks tasks = new Tasks(store);
  private final Target target;

  /** One that these commands follow upon. */
  LostTable(List<List<String>> restart) {
    target =
        new Target(
            "shop",
            url,
            Map.of(),
            Migrations.DETECTED,
            Expectation.NONE,
            Optional.of(new Recovery(url, restart)),
            Target.DEFAULT_CHECK_EVERY,
            Deadlines.DEFAULT);
  }

  PostgresUrl url() {
    return url;
  }

  PostgresUrl storeUrl() {
    return storeUrl;
  }

  Store store() {
    return store;
  }

  /** Loses the table and proposes to make it anew. */
  RecoveryTask proposed() {
    TestDatabases.run(url, "CREATE TABLE users (id int PRIMARY KEY)");
    KnownGood good = checks.knownGood(url);
    new Reports(store).register(List.of(target)).await();
    TestDatabases.run(url, "DROP TABLE users");
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
    Diagnosis diagnosis = checks.run(target, version -> baselines.find("shop", version));
    assertThat(new Issues(store).record(target, diagnosis).await().healthy()).isFalse();
    Planner planner = Proposer.planner(target, diagnosis, diagnosis.findings()).orElseThrow();
    PlanOutcome outcome = new Proposer(vertx).plan(target, diagnosis, planner).await();
    return tasks.propose(((PlanOutcome.Planned) outcome).plan()).await().orElseThrow();
  }

  /** Approves a task as this approver does. */
  RecoveryTask approved(RecoveryTask task, String by) {
    Decision yes = new Decision(by, "token", task.plan().digest(), "go", true);
    return tasks.approve(task.id(), yes).await().orElseThrow();
  }

  /** Starts a worker. */
  void work() {
    String id =
        vertx
            .deployVerticle(
                new RecoveryWorkerVerticle(
                    store, List.of(target), Checks.LOCK_PAUSE, Duration.ofSeconds(5)))
            .await();
    assertThat(id).isNotEmpty();
  }

  /** The task once it is so. */
  RecoveryTask once(UUID id, Predicate<RecoveryTask> so) {
    return until(id, so).await();
  }

  private Future<RecoveryTask> until(UUID id, Predicate<RecoveryTask> so) {
    return tasks
        .find(id)
        .compose(task ->
            so.test(task.orElseThrow())
                ? Future.succeededFuture(task.get())
                : vertx.timer(50).compose(waited -> until(id, so)));
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
