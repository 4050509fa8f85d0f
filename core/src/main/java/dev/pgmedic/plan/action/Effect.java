package dev.pgmedic.plan.action;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a step does to the target. */
public enum Effect {
  READS,
  METADATA,
  MOVES_DATA,
  ENDS_SESSION,
  RUNS_COMMAND;

  /** Reads the name as the API writes it. */
  @JsonCreator
  public static Effect of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
