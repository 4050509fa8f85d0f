package dev.pgmedic.lock;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What the evidence says about whoever holds a lock. */
public enum Verdict {
  /** Nobody will give it back: a fact. */
  ORPHANED,
  /**
   * All that can be seen from outside says that nobody will; ending it may still end a live run.
   */
  SUSPECTED,
  /** It works, its heart beats, or nothing says that it does not. */
  LIVE,
  /** Its state may not be seen, or it belongs to an application. */
  UNKNOWN;

  @JsonValue
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
