package dev.pgmedic.cli;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.check.HealthReport;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.plan.RecoveryPlan;
import dev.pgmedic.store.Baselines;
import dev.pgmedic.store.Decision;
import dev.pgmedic.store.Deed;
import dev.pgmedic.store.Issues;
import dev.pgmedic.store.Replays;
import dev.pgmedic.store.Reports;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Tasks;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.StepRun;
import dev.pgmedic.task.Terms;
import dev.pgmedic.worker.RecoveryWorkerVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs a plan that was just approved as the service does: it becomes a task of a store, and a
 * worker claims it. In a store that others use, one of their workers may be the faster; who of them
 * all works on the target, the migration lock decides.
 */
final class RecoveryRun {

  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final long LOOK_MILLIS = 50;

  /** No digest of files, so that a monitor replays for itself. */
  private static final String REPLAY = "pgmedic recover";

  private final Vertx vertx;
  private final Store store;
  private final Target target;
  private final BiConsumer<RecoveryTask, StepRun> journal;
  private final Set<String> told = new HashSet<>();
  private volatile Optional<RecoveryTask> seen = Optional.empty();

  /**
   * A run.
   *
   * @param store keeps the task
   * @param journal hears when a step begins and when it has ended
   */
  RecoveryRun(Vertx vertx, Store store, Target target, BiConsumer<RecoveryTask, StepRun> journal) {
    this.vertx = vertx;
    this.store = store;
    this.target = target;
    this.journal = journal;
  }

  /**
   * Makes the store know the target, and what its migrations make where it did not know that. Fails
   * as the store does.
   */
  Future<Void> prepare(Prescription found) {
    return new Reports(store)
        .register(List.of(target))
        .compose(known ->
            found.replayed().map(good -> keep(found, good)).orElse(Future.succeededFuture()));
  }

  private Future<Void> keep(Prescription found, KnownGood good) {
    Baselines.NewBaseline baseline =
        new Baselines.NewBaseline(
            good.version(), good.confirmed(), good.catalog(), good.script(), List.of());
    return new Baselines(store)
        .save(found.target().name(), baseline, good.version())
        .compose(saved -> new Replays(store).differs(found.target().name(), REPLAY, good))
        .mapEmpty();
  }

  /**
   * Completes with the task when it has ended, whatever way. Fails with {@link
   * IllegalStateException} when another recovery of the target is approved or runs, with {@link
   * dev.pgmedic.store.TaskConflict}, and as the store does.
   */
  Future<RecoveryTask> run(Prescription found, RecoveryPlan plan, Decision decision) {
    Tasks tasks = new Tasks(store);
    return new Issues(store)
        .record(target, found.diagnosis())
        .compose(report -> tasks.propose(plan, Terms.of(target.policy(), List.of())))
        .compose(proposed ->
            proposed
                .map(task ->
                    new Tasks(store.audited(deed(task, decision)))
                        .approve(task.id(), decision, target.policy())
                        .map(approved -> task.id()))
                .orElse(
                    Future.failedFuture(
                        new IllegalStateException(
                            "another recovery of "
                                + target.name()
                                + " is approved or runs; nothing was run"))))
        .compose(id ->
            vertx
                .deployVerticle(
                    new RecoveryWorkerVerticle(
                        store, List.of(target), MigrationLock.LONGEST_PAUSE, LEASE))
                .compose(worker -> untilEnded(tasks, id).eventually(() -> vertx.undeploy(worker))));
  }

  private static Deed deed(RecoveryTask task, Decision decision) {
    return new Deed(
        CommandUser.actor(),
        Deed.Action.APPROVE,
        task.target(),
        task.id().toString(),
        decision.planDigest(),
        decision.comment());
  }

  private Future<RecoveryTask> untilEnded(Tasks tasks, UUID id) {
    return tasks
        .find(id)
        .compose(found -> {
          RecoveryTask task = found.orElseThrow();
          seen = Optional.of(task);
          task.steps().stream()
              .filter(step -> told.add(step.index() + step.state()))
              .forEach(step -> journal.accept(task, step));
          return task.state().open()
              ? vertx.timer(LOOK_MILLIS).compose(later -> untilEnded(tasks, id))
              : Future.succeededFuture(task);
        });
  }

  /**
   * Where the database stands when everything of ours was closed before the task's end, for people.
   *
   * @param stored whether the store outlives us
   */
  String standing(boolean stored) {
    return seen.map(task ->
            Stream.of(underWay(task), ran(task), next(task, stored))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("; ")))
        .orElse("nothing was run");
  }

  private static String underWay(RecoveryTask task) {
    return task.steps().stream()
        .filter(step -> Set.of("running", "undoing").contains(step.state()))
        .map(step ->
            "step "
                + step.index()
                + " ("
                + task.plan().steps().get(step.index() - 1).title()
                + (step.state().equals("running") ? ") was under way" : ") was being taken back")
                + ", and what was not committed of that is rolled back")
        .collect(Collectors.joining("; "));
  }

  private static String ran(RecoveryTask task) {
    String back = numbers(task, "undone");
    String done = numbers(task, "succeeded");
    return (back.isEmpty() ? "" : "taken back: step " + back + "; ")
        + (done.isEmpty() ? nothingDone(task) : "done and there to stay: step " + done);
  }

  private static String nothingDone(RecoveryTask task) {
    return task.steps().isEmpty() ? "no step was done" : "no other step was done";
  }

  private static String numbers(RecoveryTask task, String state) {
    return task.steps().stream()
        .filter(step -> step.state().equals(state))
        .map(step -> String.valueOf(step.index()))
        .collect(Collectors.joining(", "));
  }

  private static String next(RecoveryTask task, boolean stored) {
    return stored
        ? "recovery task " + task.id() + " stays in the store, and the next worker goes on with it"
        : "pgmedic recover goes on from what it finds";
  }

  /** What the last check of the target said. Fails as the store does. */
  Future<HealthReport> report() {
    return new Reports(store).read(target.name());
  }
}
