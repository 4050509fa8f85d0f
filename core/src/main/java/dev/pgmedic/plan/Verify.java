package dev.pgmedic.plan;

import java.util.List;
import java.util.Optional;

/** Runs a fresh check and compares what it finds with what the plan promised. */
public record Verify() implements Action {

  static final String TYPE = "verify";

  @Override
  public String kind() {
    return TYPE;
  }

  @Override
  public Optional<String> statements() {
    return Optional.empty();
  }

  @Override
  public Effect effect() {
    return Effect.READS;
  }

  @Override
  public List<String> locks() {
    return List.of();
  }

  @Override
  public String precondition() {
    return "all steps before it succeeded";
  }

  @Override
  public String postcondition() {
    return "a fresh check no longer finds the plan's issues and nothing new on what it touched";
  }

  @Override
  public Optional<String> undo() {
    return Optional.empty();
  }
}
