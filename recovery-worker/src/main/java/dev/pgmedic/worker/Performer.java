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
}
