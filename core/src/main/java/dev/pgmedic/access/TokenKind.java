package dev.pgmedic.access;

import java.util.Locale;

/** What carries a token; it is told beside what was done with it, and proves nothing. */
public enum TokenKind {
  PERSON,
  AGENT,
  SERVICE;

  /**
   * Reads the name as the API writes it.
   *
   * @throws IllegalArgumentException when no kind is called that
   */
  public static TokenKind of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }

  /** As it is written in the store and in JSON. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
