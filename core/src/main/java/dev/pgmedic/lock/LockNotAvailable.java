package dev.pgmedic.lock;

import java.time.Duration;
import java.util.Optional;

/** The wait for the migration lock ended in vain; the message says who is in the way. */
public final class LockNotAvailable extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final String HELD = "the migration lock is held by ";
  private static final String WAS_HELD = "the migration lock was held until a moment ago";

  LockNotAvailable(String message) {
    super(message);
  }

  static LockNotAvailable heldBy(Optional<AdvisoryLock> holder, Duration pause) {
    return new LockNotAvailable(
        holder
            .map(lock -> HELD + LockExplanation.of(lock, pause))
            .orElse(WAS_HELD + ", by whom is not known"));
  }

  /** Whether a text that was kept of an error tells of this one. */
  public static boolean isTold(String text) {
    return text.contains(HELD) || text.contains(WAS_HELD);
  }
}
