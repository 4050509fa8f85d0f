package dev.pgmedic.lock;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Tells a person who waits what is waited for.
 *
 * @param every how long a line stands before the next one of the same wait
 * @param lines hears them, one at a time
 */
public record WaitNotices(Duration every, Consumer<String> lines) {

  /** Tells nobody. */
  public static final WaitNotices NONE = new WaitNotices(Duration.ofDays(1), line -> {});

  /** Begins one wait, whose first line is due. */
  public Wait begin() {
    return begin(Duration.ZERO);
  }

  /** Begins one wait, whose first line is due after this time: mostly it is over before. */
  Wait begin(Duration quiet) {
    return new Wait(this, quiet);
  }

  /** One wait. Used by one thread at a time. */
  public static final class Wait {

    private final WaitNotices notices;
    private long due;

    private Wait(WaitNotices notices, Duration quiet) {
      this.notices = notices;
      this.due = System.nanoTime() + quiet.toNanos();
    }

    /** Whether it is time for a line. */
    public boolean isDue() {
      return System.nanoTime() - due >= 0;
    }

    /** Tells, whether it is time or not. */
    public void tell(String line) {
      due = System.nanoTime() + notices.every().toNanos();
      notices.lines().accept(line);
    }
  }
}
