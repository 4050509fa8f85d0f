package dev.pgmedic.issue;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * How bad a fault is, mildest first. A target with an open issue of {@code high} or above is not
 * healthy.
 */
public enum Severity {
  INFO,
  WARNING,
  HIGH,
  CRITICAL;

  /** Reads the name as the API writes it. */
  @JsonCreator
  public static Severity of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether this is as bad as {@code other}, or worse. */
  public boolean atLeast(Severity other) {
    return compareTo(other) >= 0;
  }
}
