package dev.pgmedic.store;

/**
 * Another worker took the task over: whoever gets this stops at once and does nothing more to the
 * target.
 */
public final class ClaimLost extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ClaimLost(Claim claim) {
    super(
        "recovery task " + claim.task().id() + " is no longer ours (fence " + claim.fence() + ")");
  }
}
