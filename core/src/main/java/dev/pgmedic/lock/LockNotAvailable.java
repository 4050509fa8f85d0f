package dev.pgmedic.lock;

import java.time.Duration;
import java.util.Optional;

/** The wait for the migration lock ended in vain. */
public final class LockNotAvailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  LockNotAvailable(Optional<AdvisoryLock> holder, Duration pause) {
    super(
        holder
            .map(lock -> "the migration lock is held by " + explain(lock, pause))
            .orElse("a session of an earlier run did not end"));
  }

  private static String explain(AdvisoryLock lock, Duration pause) {
    return lock.holder()
        + lock.state().map(state -> ", " + state).orElse(", whose state may not be seen")
        + lock.quiet().map(quiet -> " for " + quiet.toMillis() + " ms").orElse("")
        + "; verdict: "
        + lock.verdict(pause);
  }
}
