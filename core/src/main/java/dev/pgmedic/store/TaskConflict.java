package dev.pgmedic.store;

import dev.pgmedic.task.RecoveryTask;
import io.vertx.core.Future;
import java.util.function.Predicate;

/**
 * A task is not in the state, or not the one, that a decision was made about. Nothing was changed.
 */
public final class TaskConflict extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  TaskConflict(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why a decision was refused. */
  public enum Reason {
    CHANGED("precondition-failed"),
    NOT_WAITING("not-awaiting-approval"),
    OTHER_DIGEST("digest-mismatch"),
    LOSS_NOT_ACCEPTED("data-loss-not-accepted"),
    REQUESTER("requester-is-not-approver"),
    APPROVED_BEFORE("already-approved"),
    NOT_UNDOABLE("not-undoable"),
    ENDED("already-ended");

    private final String slug;

    Reason(String slug) {
      this.slug = slug;
    }

    /** The last part of the problem's type. */
    public String slug() {
      return slug;
    }
  }

  /** Fails where a task is not what somebody takes it for any more, else lets it pass. */
  static Future<RecoveryTask> unless(Predicate<RecoveryTask> expected, RecoveryTask task) {
    return expected.test(task)
        ? Future.succeededFuture(task)
        : Future.failedFuture(
            new TaskConflict(
                Reason.CHANGED,
                "expected the task that If-Match names; it changed, and is "
                    + task.state().label()
                    + " now"));
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
