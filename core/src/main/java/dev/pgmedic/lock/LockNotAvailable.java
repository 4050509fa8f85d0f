package dev.pgmedic.lock;

import java.time.Duration;
import java.util.Optional;

/** The wait for the migration lock ended in vain; the message says who is in the way. */
public final class LockNotAvailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  LockNotAvailable(String message) {
    super(message);
  }

  static LockNotAvailable heldBy(Optional<AdvisoryLock> holder, Duration pause) {
    return new LockNotAvailable(
        holder
            .map(lock -> "the migration lock is held by " + LockExplanation.of(lock, pause))
            .orElse("the migration lock was held until a moment ago, by whom is not known"));
  }
}
