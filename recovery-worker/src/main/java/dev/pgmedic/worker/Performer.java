package dev.pgmedic.worker;

import dev.pgmedic.plan.Step;
import io.vertx.core.Future;

/** Performs the steps of one kind. */
@FunctionalInterface
interface Performer {

  /**
   * Completes with what the step said, also when its end is reached already and nothing was done.
   * Fails with {@link StepFailed} when its conditions do not hold or it did not do what it
   * promises, with {@link dev.pgmedic.deadline.DeadlinePassed} after its timeout, and as the server
   * does.
   */
  Future<String> perform(Step step);

  /**
   * What the step says of itself while it is performed, empty when nothing. Fails when that cannot
   * be seen, which is no matter.
   */
  default Future<String> progress() {
    return Future.succeededFuture("");
  }

  /**
   * Ends what runs where the end of our session with the target does not end it. Completes when
   * nothing of it is left; never fails.
   */
  default Future<Void> stop() {
    return Future.succeededFuture();
  }
}
