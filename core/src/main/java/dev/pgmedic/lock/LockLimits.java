package dev.pgmedic.lock;

import java.time.Duration;

/**
 * How long silence may last before it means something.
 *
 * @param pause the longest that the heart of our own lock pauses
 * @param idle how long nothing must have happened before another tool's holder may be suspected,
 *     and a transaction counts as forgotten
 */
public record LockLimits(Duration pause, Duration idle) {

  /** 15 s and 10 min. */
  public static final LockLimits DEFAULT =
      new LockLimits(MigrationLock.LONGEST_PAUSE, Duration.ofMinutes(10));

  private static final Duration FORGOTTEN = Duration.ofSeconds(30);
  private static final Duration LONG = Duration.ofMinutes(1);

  /**
   * How long a transaction must have waited for its client before it counts as one that keeps
   * others waiting: 30 s, or {@link #idle} where that is less.
   */
  public Duration pausing() {
    return shorter(FORGOTTEN);
  }

  /**
   * How long a migration must have waited for a session that works before it counts as kept
   * waiting: 1 min, or {@link #idle} where that is less.
   */
  public Duration waiting() {
    return shorter(LONG);
  }

  private Duration shorter(Duration usual) {
    return idle.compareTo(usual) < 0 ? idle : usual;
  }
}
