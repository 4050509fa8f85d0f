package dev.pgmedic.worker;

import dev.pgmedic.lock.HeldLock;
import dev.pgmedic.plan.Step;
import dev.pgmedic.plan.action.TakeBack;
import dev.pgmedic.store.ClaimLost;
import dev.pgmedic.store.UndoneSteps;
import io.vertx.core.Future;

/**
 * Takes back what ran before a step that failed, the last one first, under the lock that is still
 * ours. Each is a transaction of its own that looks at its conditions before and after; the first
 * that cannot be taken back ends it, and what ran before that one stays.
 */
final class TakingBack {

  private final Workplace workplace;
  private final UndoneSteps journal;
  private final Course course;

  TakingBack(Workplace workplace, UndoneSteps journal, Course course) {
    this.workplace = workplace;
    this.journal = journal;
    this.course = course;
  }

  /**
   * Completes when all that can be taken back is, or one could not be, which the course is told.
   * Fails with {@link ClaimLost} when another worker has the task, and as the store does.
   */
  Future<Void> run(HeldLock lock) {
    Future<Boolean> going = Future.succeededFuture(true);
    for (Step step : course.retreat().back()) {
      going = going.compose(on -> on ? takenBack(lock, step) : Future.succeededFuture(false));
    }
    return going.mapEmpty();
  }

  private Future<Boolean> takenBack(HeldLock lock, Step step) {
    TakeBack back = TakeBack.of(step.action()).orElseThrow();
    Step undo = new Step(step.index(), back.title(), step.timeout(), back);
    return journal
        .began(workplace.claim(), step)
        .compose(began ->
            new TransactionPerformer(workplace, lock.session(), back)
                .perform(undo)
                .transform(done ->
                    done.succeeded()
                        ? undone(step, done.result())
                        : notUndone(
                            step, workplace.target().masked(Explanation.of(done.cause())))));
  }

  private Future<Boolean> undone(Step step, String said) {
    return journal
        .ended(workplace.claim(), step, true, said)
        .onSuccess(kept -> course.undone(step))
        .map(true);
  }

  private Future<Boolean> notUndone(Step step, String why) {
    course.notUndone(step, why);
    return journal
        .ended(workplace.claim(), step, false, "could not be taken back: " + why)
        .map(false);
  }
}
