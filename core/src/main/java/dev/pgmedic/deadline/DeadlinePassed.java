package dev.pgmedic.deadline;

import java.time.Duration;
import java.util.regex.Pattern;

/** A step of work took longer than it may. */
public final class DeadlinePassed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  // The server's own are a little shorter: statement_timeout and lock_timeout.
  private static final Pattern TOLD =
      Pattern.compile(" took longer than \\d+ ms(;|$)|\\(SQLSTATE (57014|55P03)\\)");

  private final String step;

  DeadlinePassed(String step, Duration limit) {
    super(step + " took longer than " + limit.toMillis() + " ms");
    this.step = step;
  }

  /** Whether a text that was kept of an error, such as the outcome of a task, tells of one. */
  public static boolean isTold(String text) {
    return TOLD.matcher(text).find();
  }

  /** The name of the work that was given up. */
  public String step() {
    return step;
  }
}
