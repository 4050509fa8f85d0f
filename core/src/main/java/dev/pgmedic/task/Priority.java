package dev.pgmedic.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.Severity;
import java.util.Collection;
import java.util.Locale;

/** Which task a worker claims first. */
public enum Priority {
  HIGH,
  NORMAL;

  /** High for all that heals an issue of high or above. */
  public static Priority of(Collection<Finding.Key> heals) {
    return heals.stream().anyMatch(key -> key.code().severity().atLeast(Severity.HIGH))
        ? HIGH
        : NORMAL;
  }

  /** Reads the name as the API writes it. */
  @JsonCreator
  public static Priority of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
