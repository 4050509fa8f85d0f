package dev.pgmedic.worker;

import dev.pgmedic.lock.HeldLock;
import dev.pgmedic.plan.Step;
import dev.pgmedic.plan.action.Action;
import dev.pgmedic.plan.action.EnsureEnum;
import dev.pgmedic.plan.action.RebuildIndex;
import dev.pgmedic.plan.action.RestartService;
import dev.pgmedic.plan.action.RunTool;
import dev.pgmedic.plan.action.Verify;
import io.vertx.core.Future;
import java.util.Optional;

/** Who performs which steps. */
final class Performers {

  private final Workplace workplace;

  Performers(Workplace workplace) {
    this.workplace = workplace;
  }

  /**
   * The performer of a step.
   *
   * @param lock the migration lock; absent before and after it is held
   */
  Performer of(Action action, Optional<HeldLock> lock) {
    return switch (action) {
      case Action.EndsSession ends -> new SessionEnder(workplace, ends);
      case Action.Transaction sql ->
          underLock(lock, held -> new TransactionPerformer(workplace, held.session(), sql));
      case EnsureEnum labels -> underLock(lock, held -> new LabelPerformer(held.session(), labels));
      case RebuildIndex index ->
          underLock(lock, held -> new IndexPerformer(workplace, held.session(), index));
      case RunTool tool -> underLock(lock, held -> new ToolPerformer(workplace, held, tool));
      case RestartService restart ->
          new CommandPerformer(workplace.vertx(), workplace.target(), restart.command());
      case Verify verify -> step -> failed("a recovery verifies once, at its end");
    };
  }

  /** Whoever does not do a step of which nobody knows whether it was done. */
  static Performer inDoubt(Step step) {
    return again ->
        failed(
            "a worker that vanished had begun it, so that nobody knows whether it ran, and it is"
                + " not run twice; a person runs it where it is needed: "
                + String.join(" ", step.action().words()));
  }

  private static Performer underLock(
      Optional<HeldLock> lock, java.util.function.Function<HeldLock, Performer> performer) {
    return lock.filter(held -> !held.lost())
        .map(performer)
        .orElse(step -> failed("the session that holds the lock has ended"));
  }

  private static Future<String> failed(String why) {
    return Future.failedFuture(new StepFailed(why));
  }
}
