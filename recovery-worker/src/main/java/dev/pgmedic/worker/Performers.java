package dev.pgmedic.worker;

import dev.pgmedic.lock.HeldLock;
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
          underLock(lock, held -> new TransactionPerformer(workplace.vertx(), held.session(), sql));
      case EnsureEnum labels -> underLock(lock, held -> new LabelPerformer(held.session(), labels));
      case RebuildIndex index -> underLock(lock, held -> new IndexPerformer(held.session(), index));
      case RunTool tool -> underLock(lock, held -> new ToolPerformer(workplace, held, tool));
      case RestartService restart ->
          step -> new CommandRunner(workplace.vertx()).run(restart.command(), step.timeout());
      case Verify verify -> step -> failed("a recovery verifies once, at its end");
    };
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
