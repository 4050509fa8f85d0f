package dev.pgmedic.monitor;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a target is left alone between two checks. One that struggles is asked half as often
 * each time, down to a bound, and is back at its own pace as soon as it answers as it should:
 * monitoring is no part of an outage.
 */
final class Pace {

  private static final int SLOWEST = 16;
  private static final Duration LONGEST = Duration.ofMinutes(5);

  // Of thousands of targets no two march in step; what comes early is work on top.
  private static final int JITTER_PART = 50;

  // From this many targets on, the first checks take a whole interval.
  private static final int CROWD = 100;
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Duration every;
  private final RandomGenerator random;
  private int times = 1;

  /**
   * A pace.
   *
   * @param every the time from one check to the next of a target that is well
   */
  Pace(Duration every, RandomGenerator random) {
    this.every = every;
    this.random = random;
  }

  /** The time to the first check, so that many targets are spread over the whole interval. */
  Duration first(int targets) {
    Duration share = every.multipliedBy(Math.min(targets, CROWD)).dividedBy(CROWD);
    return Duration.ofMillis(random.nextLong(1, least(every, most(share, SOON)).toMillis() + 1));
  }

  /** Takes in how a check went. */
  void after(boolean struggled) {
    times = struggled ? Math.min(times * 2, SLOWEST) : 1;
  }

  /** Whether the target is asked less often than it would be. */
  boolean isHeldBack() {
    return times > 1;
  }

  /** The time from one check to the next as it is now. */
  Duration interval() {
    return most(every, least(every.multipliedBy(times), LONGEST));
  }

  /**
   * The time from now to the next check: whole intervals after the last one was due, a little less
   * by chance. A check that came late does not move those after it, so that a fleet which once had
   * to queue does not queue for ever. A server that struggles is left alone from now on.
   *
   * @param sinceDue the time since the last check was due
   */
  Duration next(Duration sinceDue) {
    long millis = interval().toMillis();
    long over = isHeldBack() ? 0 : sinceDue.toMillis() % millis;
    long early = random.nextLong(millis / JITTER_PART + 1);
    return Duration.ofMillis(Math.max(1, millis - over - early));
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration most(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
