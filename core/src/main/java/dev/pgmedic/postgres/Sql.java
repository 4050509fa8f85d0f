package dev.pgmedic.postgres;

import java.util.ArrayList;
import java.util.List;

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

  /**
   * As {@link #identifier}, in one line of visible characters: for SQL that is shown to people, to
   * whom a table's name must do nothing.
   */
  public static String visibleIdentifier(String name) {
    return ForeignText.isVisible(name) ? identifier(name) : "U&" + identifier(escaped(name));
  }

  /** As {@link #literal}, in one line of visible characters. */
  public static String visibleLiteral(String text) {
    return ForeignText.isVisible(text)
        ? literal(text).strip()
        : "U&'" + escaped(text).replace("'", "''") + "'";
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(point ->
            escaped.append(
                point == '\\'
                    ? "\\\\"
                    : ForeignText.isVisible(point)
                        ? Character.toString(point)
                        : String.format("\\+%06X", point)));
    return escaped.toString();
  }

  /** A string literal that reads the same whatever {@code standard_conforming_strings} is. */
  public static String literal(String text) {
    String quoted = "'" + text.replace("'", "''") + "'";
    return text.contains("\\") ? " E" + quoted.replace("\\", "\\\\") : quoted;
  }

  /**
   * A text in dollar quotes, such as the body of a block. A name in it may hold any quote that we
   * could choose, so one is chosen that it does not hold.
   */
  public static String body(String text) {
    String quote = "$pgmedic$";
    for (int i = 1; text.contains(quote); i++) {
      quote = "$pgmedic" + i + "$";
    }
    return quote + text + quote;
  }

  /** The parts of a qualified name, each as it stands in it, quotes and all. */
  public static List<String> parts(String qualified) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < qualified.length(); i++) {
      char c = qualified.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '.' && !quoted) {
        parts.add(qualified.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(qualified.substring(start));
    return parts;
  }

  /** What an object is called, without its schema, its table, its arguments and quotes. */
  public static String name(String identity) {
    int arguments = identity.indexOf('(');
    List<String> parts = parts(arguments < 0 ? identity : identity.substring(0, arguments));
    return unquoted(parts.getLast());
  }

  /** What a part of a qualified name is called, without its quotes. */
  public static String unquoted(String part) {
    return part.length() > 1 && part.startsWith("\"") && part.endsWith("\"")
        ? part.substring(1, part.length() - 1).replace("\"\"", "\"")
        : part;
  }
}
