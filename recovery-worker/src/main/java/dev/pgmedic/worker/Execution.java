package dev.pgmedic.worker;

import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.deadline.DeadlinePassed;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.Issue;
import dev.pgmedic.lock.HeldLock;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.plan.Planner;
import dev.pgmedic.plan.RecoveryPlan;
import dev.pgmedic.plan.Step;
import dev.pgmedic.plan.action.Phase;
import dev.pgmedic.plan.action.RunTool;
import dev.pgmedic.plan.action.Verify;
import dev.pgmedic.postgres.EventTriggers;
import dev.pgmedic.proposal.Proposer;
import dev.pgmedic.store.Baselines;
import dev.pgmedic.store.CalledOff;
import dev.pgmedic.store.Claim;
import dev.pgmedic.store.ClaimLost;
import dev.pgmedic.store.Claims;
import dev.pgmedic.store.Claims.End;
import dev.pgmedic.store.Issues;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.UndoneSteps;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.StepRun;
import dev.pgmedic.task.TaskState.Running;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One execution of a claimed task: ends the sessions of earlier ones, compares the target with what
 * the plan was made for, runs the steps under the migration lock, gives the lock back, and verifies
 * with a fresh check.
 */
final class Execution {

  private static final long PROGRESS_MILLIS = 2_000;
  private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

  private final Vertx vertx;
  private final Claims claims;
  private final Baselines baselines;
  private final Issues issues;
  private final DatabaseCheck check;
  private final Target target;
  private final Claim claim;
  private final RecoveryPlan plan;
  private final Workplace workplace;
  private final Performers performers;
  private final Course course;
  private final TakingBack takingBack;
  private Optional<HeldLock> lock = Optional.empty();
  private Optional<Performer> active = Optional.empty();
  private Future<Void> underWay = nothing();
  private boolean abandoned;
  private boolean stopped;

  Execution(Vertx vertx, Store store, DatabaseCheck check, Target target, Claim claim) {
    this.vertx = vertx;
    this.claims = new Claims(store);
    this.baselines = new Baselines(store);
    this.issues = new Issues(store);
    this.check = check;
    this.target = target;
    this.claim = claim;
    this.plan = claim.task().plan();
    this.workplace = new Workplace(vertx, target, claims, claim);
    this.performers = new Performers(workplace);
    this.course = new Course(claim.task());
    this.takingBack = new TakingBack(workplace, new UndoneSteps(store), course);
  }

  /**
   * Runs the task to an end.
   *
   * <p>Completes when the task has an end in the store, whatever it is. Fails only when the store
   * does or the claim is lost; the task is then still running, and its next claim goes on with it.
   */
  Future<Void> run() {
    return issues
        .open(target.name())
        .compose(before ->
            Deadline.within(target.deadlines().recovery(), "the recovery", steps(), this::stop)
                .transform(done -> done.succeeded() ? verified(before) : ended(done.cause())));
  }

  /**
   * Stops at once: whatever runs on the target loses its session, and nothing more is done to it.
   */
  void abandon() {
    abandoned = true;
    stop().onFailure(error -> LOG.atDebug().setCause(error).log("closing a lost session"));
  }

  // No step begins any more, and the one that runs loses its session or its command.
  private Future<Void> stop() {
    stopped = true;
    return abandonLock()
        .compose(gone -> active.map(Performer::stop).orElse(nothing()))
        .compose(gone -> underWay.otherwiseEmpty());
  }

  private Future<Void> abandonLock() {
    return lock.map(HeldLock::abandon).orElse(Future.succeededFuture());
  }

  private Future<Void> steps() {
    return asApproved()
        .compose(same -> endEarlierSessions())
        .compose(alone -> look())
        .compose(this::unchanged)
        .compose(same -> course.failed().map(this::backAgain).orElseGet(this::onwards));
  }

  private Future<Void> onwards() {
    return sameFiles()
        .compose(same -> all(Phase.WITHOUT_LOCK))
        .compose(done -> needsLock() ? locked() : nothing())
        .compose(free -> all(Phase.AFTER_LOCK));
  }

  // The worker before us had a step fail, and vanished before it could say where that leaves all.
  private Future<Void> backAgain(StepRun failed) {
    course.began(course.step(failed.index()));
    String why = failed.output().orElse("it did not say why");
    return course.isGoingBack() && !course.retreat().back().isEmpty()
        ? takeLock()
            .compose(locked -> trusted())
            .compose(trusted -> retreat())
            .transform(back -> Future.failedFuture(lastly(why, back)))
        : Future.failedFuture(new StepFailed(why));
  }

  // Whatever keeps us from going back, the step failed for its own reason.
  private Throwable lastly(String why, AsyncResult<Void> back) {
    return back.succeeded()
        ? new StepFailed(why)
        : back.cause() instanceof ClaimLost lost
            ? lost
            : new StepFailed(why + "; no more was taken back: " + said(back.cause()));
  }

  // Whoever makes way for a migration that is at work would wait for its lock in vain.
  private boolean needsLock() {
    return plan.steps().stream()
        .map(step -> step.action().type().phase())
        .anyMatch(phase -> phase == Phase.BEFORE_LOCK || phase == Phase.UNDER_LOCK);
  }

  private Future<Void> locked() {
    return all(Phase.BEFORE_LOCK)
        .compose(free -> takeLock())
        .compose(locked -> trusted())
        .compose(trusted -> all(Phase.UNDER_LOCK).recover(this::undone))
        .compose(done -> giveLockBack());
  }

  // Of a step that had not ended by its deadline the session may not be done yet.
  private Future<Void> undone(Throwable error) {
    return error instanceof ClaimLost
            || error instanceof CalledOff
            || error instanceof DeadlinePassed
            || stopped
        ? Future.failedFuture(error)
        : retreat().compose(back -> Future.failedFuture(error));
  }

  // Without the lock nothing more is done, and the steps that ran stay.
  private Future<Void> retreat() {
    return lock.filter(held -> !held.lost()).map(takingBack::run).orElse(nothing());
  }

  private Future<Void> asApproved() {
    return plan.recomputedDigest().equals(plan.digest())
        ? Future.succeededFuture()
        : Future.failedFuture(new Superseded("the stored plan is not what its digest says"));
  }

  private Future<Void> endEarlierSessions() {
    return claims
        .earlierSessions(claim)
        .compose(earlier -> {
          if (earlier.isEmpty()) {
            return Future.succeededFuture();
          }
          return workplace
              .errand("pgmedic-takeover")
              .compose(session ->
                  Future.all(
                          earlier.stream()
                              .map(backend -> backend.end(session.connection()))
                              .toList())
                      .<Void>mapEmpty()
                      .eventually(session::close));
        });
  }

  private Future<Diagnosis> look() {
    return check.run(target, version -> baselines.find(target.name(), version));
  }

  private Future<Void> unchanged(Diagnosis now) {
    if (now.glance().isEmpty()) {
      return Future.failedFuture(new StepFailed("the target is not to be reached"));
    }
    if (!now.glance().get().identity().equals(plan.identity())) {
      return Future.failedFuture(new Superseded("another database answers under this name"));
    }
    if (claim.task().undoOf().isPresent()) {
      return nothing(); // it heals nothing; each step looks whether all is as it was left
    }
    List<Finding> same =
        now.findings().stream().filter(found -> plan.heals().contains(found.key())).toList();
    boolean unchanged =
        Proposer.planner(target, now, same)
            .map(Planner::fingerprint)
            .filter(plan.fingerprint()::equals)
            .isPresent();
    // A worker before us may have done a part of it; each step looks at its own conditions.
    return unchanged || course.isBegun()
        ? Future.succeededFuture()
        : Future.failedFuture(new Superseded("the target changed since the plan was made"));
  }

  private Future<Void> sameFiles() {
    Future<Void> same = nothing();
    for (Step step : plan.steps()) {
      if (step.action() instanceof RunTool tool) {
        same = same.compose(before -> ApprovedFiles.same(vertx, target, tool, Superseded::new));
      }
    }
    return same;
  }

  private Future<Void> takeLock() {
    MigrationLock migrationLock =
        MigrationLock.of(
            vertx,
            new MigrationLock.Run("task-" + claim.task().id(), claim.fence()),
            target.deadlines().connect(),
            // The server gives up a little before we do, and says why.
            target.deadlines().statement().multipliedBy(95).dividedBy(100));
    return migrationLock
        .acquire(
            target.recovery().orElseThrow().url(),
            target.deadlines().lockWait(),
            session -> claims.opened(claim, session))
        .compose(held -> {
          if (stopped) {
            return held.abandon()
                .transform(closed -> Future.failedFuture(new StepFailed("stopped")));
          }
          lock = Optional.of(held);
          return nothing();
        });
  }

  // A tool's own definitions are its own affair.
  private Future<Void> trusted() {
    boolean defines =
        plan.steps().stream()
            .map(Step::action)
            .anyMatch(action ->
                action.type().phase() == Phase.UNDER_LOCK && !(action instanceof RunTool));
    return lock.filter(held -> defines)
        .map(held -> EventTriggers.objection(held.session()).compose(Execution::refused))
        .orElse(nothing());
  }

  private static Future<Void> refused(Optional<String> objection) {
    return objection.map(why -> Future.<Void>failedFuture(new StepFailed(why))).orElse(nothing());
  }

  private static Future<Void> nothing() {
    return Future.succeededFuture();
  }

  private Future<Void> giveLockBack() {
    Optional<HeldLock> held = lock;
    lock = Optional.empty();
    return held.map(HeldLock::release).orElse(nothing());
  }

  private Future<Void> all(Phase phase) {
    Future<Void> done = nothing();
    for (Step step : plan.steps()) {
      if (step.action().type().phase() == phase
          && !(step.action() instanceof Verify)
          && !course.isOver(step)) {
        done = done.compose(before -> journalled(step));
      }
    }
    return done;
  }

  private Future<Void> journalled(Step step) {
    if (stopped) {
      return Future.failedFuture(new StepFailed("stopped before step " + step.index()));
    }
    course.began(step);
    underWay = performedAndJournalled(step);
    return underWay;
  }

  private Future<Void> performedAndJournalled(Step step) {
    return claims
        .stepStarted(claim, step)
        .compose(started ->
            stopped
                ? Future.<String>failedFuture(new StepFailed("stopped before it began"))
                : performed(step, performer(step)))
        .compose(
            output ->
                claims.stepEnded(claim, step, true, output).onSuccess(kept -> course.ran(step)),
            // Whoever was told to stop leaves the step to the next worker.
            error ->
                error instanceof ClaimLost || error instanceof CalledOff || abandoned
                    ? Future.failedFuture(error)
                    : claims
                        .stepEnded(claim, step, false, said(error))
                        .compose(kept -> Future.failedFuture(error)));
  }

  private Performer performer(Step step) {
    return course.isInDoubt(step) ? Performers.inDoubt(step) : performers.of(step.action(), lock);
  }

  private Future<String> performed(Step step, Performer performer) {
    active = Optional.of(performer);
    return new Progress(
            vertx, PROGRESS_MILLIS, performer::progress, said -> claims.stepSays(claim, step, said))
        .during(() -> performer.perform(step));
  }

  private Future<Void> verified(List<Issue> before) {
    Step verify = plan.steps().get(plan.steps().size() - 1);
    return claims
        .stepStarted(claim, verify)
        .compose(started -> look())
        .compose(now -> judged(verify, now, Verification.of(plan, before, now)));
  }

  private Future<Void> judged(Step verify, Diagnosis now, Verification verification) {
    End end =
        verification.problems().isEmpty()
            ? End.succeeded(
                new Running(), "verified by a fresh check", Verification.lost(claim.task()))
            : End.failed(
                new Running(), "the steps ran, but a fresh check finds " + verification.problems());
    return claims
        .stepEnded(claim, verify, verification.problems().isEmpty(), verification.text())
        .compose(kept -> claims.finish(claim, end, target, Optional.of(now)))
        .mapEmpty();
  }

  private Future<Void> ended(Throwable error) {
    return abandonLock()
        .compose(closed -> {
          if (error instanceof ClaimLost || abandoned) {
            return Future.failedFuture(error);
          }
          return error instanceof Superseded && !course.isUnderWay() && !course.isBegun()
              ? finish(End.superseded(new Running(), said(error)), Optional.empty())
              : look().compose(now -> finish(end(error), Optional.of(now)));
        });
  }

  // A command that did not end in time is named as it was started: with what its variables stand
  // for.
  private String said(Throwable error) {
    return target.masked(Explanation.of(error));
  }

  private End end(Throwable error) {
    return error instanceof CalledOff
        ? End.cancelled(
            new Running(), said(error) + "; stopped before " + course.at() + ", " + course.stays())
        : End.failed(new Running(), course.at() + ": " + said(error) + "; " + course.stands());
  }

  private Future<Void> finish(End end, Optional<Diagnosis> now) {
    return claims.finish(claim, end, target, now).mapEmpty();
  }
}
