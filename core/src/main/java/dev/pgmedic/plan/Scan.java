package dev.pgmedic.plan;

import java.time.Duration;

/**
 * Rows that a step has to read all of.
 *
 * @param relation the table, or the index whose table it is, quoted
 * @param work what is done with them
 */
public record Scan(String relation, Work work) {

  /** How fast rows go by; what a busy disk of a small server still does. */
  public enum Work {
    /** Read once, for an index or a constraint. */
    READ(40),
    /** Written anew, and both copies compared by their text. */
    COPY(8);

    private final long megabytesPerSecond;

    Work(long megabytesPerSecond) {
      this.megabytesPerSecond = megabytesPerSecond;
    }

    /** How many millions of bytes go by in a second. */
    public long megabytesPerSecond() {
      return megabytesPerSecond;
    }
  }

  /** About how long it takes. */
  public Duration estimate(long bytes) {
    return Duration.ofSeconds(bytes / (work.megabytesPerSecond() * 1_000_000));
  }
}
