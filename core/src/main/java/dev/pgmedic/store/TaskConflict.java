package dev.pgmedic.store;

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
    NOT_WAITING("not-awaiting-approval"),
    OTHER_DIGEST("digest-mismatch"),
    LOSS_NOT_ACCEPTED("data-loss-not-accepted");

    private final String slug;

    Reason(String slug) {
      this.slug = slug;
    }

    /** The last part of the problem's type. */
    public String slug() {
      return slug;
    }
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
