package dev.pgmedic.deadline;

import java.time.Duration;

/** A step of work took longer than it may. */
public final class DeadlinePassed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String step;

  DeadlinePassed(String step, Duration limit) {
    super(step + " took longer than " + limit.toMillis() + " ms");
    this.step = step;
  }

  /** The name of the work that was given up. */
  public String step() {
    return step;
  }
}
