package dev.pgmedic.plan.action;

import dev.pgmedic.target.Deadlines;
import java.time.Duration;

/** Runs a fresh check and compares what it finds with what the plan promised. */
public record Verify() implements Action {

  static final String TYPE = "verify";

  @Override
  public StepType type() {
    return StepType.VERIFY;
  }

  @Override
  public String title() {
    return "Verify with a fresh check";
  }

  @Override
  public Effect effect() {
    return Effect.READS;
  }

  @Override
  public Duration timeout(Deadlines deadlines) {
    return deadlines.check();
  }

  @Override
  public String precondition() {
    return "all steps before it succeeded";
  }

  @Override
  public String postcondition() {
    return "a fresh check no longer finds the plan's issues and nothing new on what it touched";
  }
}
