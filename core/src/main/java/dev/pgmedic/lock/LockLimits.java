package dev.pgmedic.lock;

import java.time.Duration;

/**
 * How long silence may last before it means something.
 *
 * @param pause the longest that the heart of our own lock pauses
 * @param idle how long nothing must have happened before another tool's holder may be suspected
 */
public record LockLimits(Duration pause, Duration idle) {

  /** 15 s and 10 min. */
  public static final LockLimits DEFAULT =
      new LockLimits(MigrationLock.LONGEST_PAUSE, Duration.ofMinutes(10));
}
