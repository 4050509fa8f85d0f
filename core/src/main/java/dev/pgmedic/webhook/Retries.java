package dev.pgmedic.webhook;

import java.time.Duration;

/** How long and how often a delivery is tried. */
public final class Retries {

  /** A receiver that is down, or says that it cannot now: it is expected back. */
  private static final Duration FAILED = Duration.ofHours(24);

  /** A receiver that wants this no more than the first time; those behind it wait for it. */
  private static final Duration REFUSED = Duration.ofMinutes(10);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
  private static final int DOUBLINGS = 9;

  private Retries() {}

  /** What came of an attempt. */
  public sealed interface Outcome {

    /** The receiver took it. */
    record Delivered() implements Outcome {}

    /**
     * The receiver was not reached, or could not take it.
     *
     * @param why for people; nothing that the receiver wrote
     */
    record Failed(String why) implements Outcome {}

    /**
     * The receiver does not want it.
     *
     * @param why for people; nothing that the receiver wrote
     */
    record Refused(String why) implements Outcome {}

    /** What a status says. */
    static Outcome of(int status) {
      return switch (status / 100) {
        case 2 -> new Delivered();
        case 3 -> new Refused("answered " + status + "; redirects are not followed");
        case 4 ->
            status == 408 || status == 425 || status == 429
                ? new Failed("answered " + status)
                : new Refused("answered " + status);
        default -> new Failed("answered " + status);
      };
    }
  }

  /**
   * Whether a delivery that was not taken is dead.
   *
   * @param age the time since it was to be sent
   */
  public static boolean dead(Outcome outcome, Duration age) {
    return switch (outcome) {
      case Outcome.Delivered taken -> false;
      case Outcome.Failed failed -> age.compareTo(FAILED) > 0;
      case Outcome.Refused refused -> age.compareTo(REFUSED) > 0;
    };
  }

  /**
   * The time until the next attempt: 1 s, then twice as long each time, at most 5 min.
   *
   * @param failures attempts in vain so far, 1 or more
   */
  public static Duration pause(int failures) {
    Duration doubled = Duration.ofSeconds(1L << Math.min(failures - 1, DOUBLINGS));
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }
}
