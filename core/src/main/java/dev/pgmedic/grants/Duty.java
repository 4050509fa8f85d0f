package dev.pgmedic.grants;

import java.util.Locale;

/** What a role of pgmedic is for. */
public enum Duty {
  /** Looks, and changes nothing. */
  MONITOR,
  /** Executes approved plans. */
  WORKER;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
