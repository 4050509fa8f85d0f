package dev.pgmedic.postgres;

/**
 * Quoting. What comes from a database is data: it enters SQL through here or as a parameter, never
 * as it is.
 */
public final class Sql {

  private Sql() {}

  /** An identifier, always quoted. */
  public static String identifier(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  /** A string literal that reads the same whatever {@code standard_conforming_strings} is. */
  public static String literal(String text) {
    String quoted = "'" + text.replace("'", "''") + "'";
    return text.contains("\\") ? " E" + quoted.replace("\\", "\\\\") : quoted;
  }
}
