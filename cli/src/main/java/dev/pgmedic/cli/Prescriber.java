package dev.pgmedic.cli;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.check.KnownGoodLookup;
import dev.pgmedic.check.Observation;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode.Healing;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.plan.PlanOutcome;
import dev.pgmedic.plan.Planner;
import dev.pgmedic.proposal.Proposer;
import dev.pgmedic.replay.Course;
import dev.pgmedic.replay.Judgement;
import dev.pgmedic.replay.Replayer;
import dev.pgmedic.replay.TargetServer;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Looks at a target once and plans. Where no store tells what it should look like, its migrations
 * do, replayed in a scratch server. Reading the files knows no future, so it takes a worker thread.
 */
final class Prescriber {

  private static final long PAUSE_MILLIS = 500;

  private final Vertx vertx;
  private final ScratchServer scratch;
  private final PatientCheck check;
  private final Consumer<String> notes;

  /**
   * A planner.
   *
   * @param patience how long a fault is looked at again that a migration at work may explain
   * @param notes hears what a person should know of how it came about
   */
  Prescriber(Vertx vertx, ScratchServer scratch, Duration patience, Consumer<String> notes) {
    this.vertx = vertx;
    this.scratch = scratch;
    this.notes = notes;
    this.check =
        new PatientCheck(
            vertx,
            new DatabaseCheck(vertx, Clock.systemUTC(), MigrationLock.LONGEST_PAUSE),
            patience,
            notes);
  }

  /**
   * Completes with what was found and planned, also when the target did not answer. Fails as the
   * store does, and as the schema's definition cannot be read.
   *
   * @param onRequest which of what is healed on request alone is healed too
   */
  Future<Prescription> plan(Target target, KnownGoodLookup known, Predicate<Finding> onRequest) {
    return check
        .run(target, known)
        .compose(seen -> seen.knownGood().isPresent() ? same(seen) : replayed(target, seen))
        .compose(look -> planned(target, look, onRequest));
  }

  /**
   * As {@link #plan}, once no migration is at work: it is waited for as long as the target's
   * deadline for the lock; then what was seen last is told.
   */
  Future<Prescription> planWhenFree(
      Target target, KnownGoodLookup known, Predicate<Finding> onRequest) {
    long end = System.nanoTime() + target.deadlines().lockWait().toNanos();
    return planUntil(end, target, known, onRequest);
  }

  private Future<Prescription> planUntil(
      long end, Target target, KnownGoodLookup known, Predicate<Finding> onRequest) {
    return plan(target, known, onRequest)
        .compose(found ->
            found.atWork().isPresent() && System.nanoTime() < end
                ? vertx
                    .timer(PAUSE_MILLIS)
                    .compose(waited -> planUntil(end, target, known, onRequest))
                : Future.succeededFuture(found));
  }

  private record Look(Diagnosis diagnosis, Optional<KnownGood> replayed) {}

  private static Future<Look> same(Diagnosis seen) {
    return Future.succeededFuture(new Look(seen, Optional.empty()));
  }

  private Future<Look> replayed(Target target, Diagnosis seen) {
    Optional<Observation> observed =
        seen.observation().filter(one -> !one.migrationAtWork() && hasFiles(target));
    return observed
        .map(observation ->
            knownGood(target, observation)
                .compose(good ->
                    good.isPresent()
                        ? check
                            .run(target, version -> Future.succeededFuture(good))
                            .map(again -> new Look(again, good))
                        : same(seen))
                .recover(error -> {
                  notes.accept("the migrations were not replayed: " + error.getMessage());
                  return same(seen);
                }))
        .orElse(same(seen));
  }

  private static boolean hasFiles(Target target) {
    return target.migrations().directory().isPresent();
  }

  private Future<Optional<KnownGood>> knownGood(Target target, Observation seen) {
    return vertx
        .executeBlocking(
            () ->
                Course.of(seen.history(), target.migrations().directory())
                    .filter(course -> Replayer.canReplay(course, target.migrations())),
            false)
        .compose(course ->
            course
                .map(known -> replay(target, seen, known).map(Optional::of))
                .orElse(Future.succeededFuture(Optional.empty())));
  }

  private Future<KnownGood> replay(Target target, Observation seen, Course course) {
    return TargetServer.of(vertx, target)
        .compose(server ->
            new Replayer(vertx, scratch)
                .replay(course, target.migrations(), target.deadlines(), server.roles())
                .map(replayed -> Judgement.of(seen, server.version(), replayed).knownGood()));
  }

  private Future<Prescription> planned(Target target, Look look, Predicate<Finding> onRequest) {
    Diagnosis diagnosis = look.diagnosis();
    List<Finding> wanted =
        diagnosis.findings().stream()
            .filter(finding ->
                target.policy().proposed().contains(finding.code())
                    || (finding.code().healing() != Healing.PERSON && onRequest.test(finding)))
            .toList();
    Optional<Planner> planner = Proposer.planner(target, diagnosis, wanted);
    if (planner.isEmpty()) {
      return Future.succeededFuture(
          new Prescription(target, diagnosis, wanted, look.replayed(), refused(wanted)));
    }
    return new Proposer(vertx)
        .plan(target, diagnosis, planner.get())
        .map(outcome ->
            new Prescription(target, diagnosis, wanted, look.replayed(), Optional.of(outcome)));
  }

  private static Optional<PlanOutcome> refused(List<Finding> wanted) {
    return wanted.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new PlanOutcome.NotHealable(
                String.join("; ", wanted.stream().map(Finding::recommendation).toList())));
  }
}
