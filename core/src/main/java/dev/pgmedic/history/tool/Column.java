package dev.pgmedic.history.tool;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A column as detection sees it.
 *
 * @param type PostgreSQL's own name of a built-in type without its length, {@code character
 *     varying}; empty for a generated column, which no tool's history has
 * @param notNull whether it refuses NULL
 */
public record Column(String type, boolean notNull) {

  private static final Pattern LENGTH = Pattern.compile("\\(\\d+(,\\d+)?\\)");
  private static final Pattern ENDING =
      Pattern.compile("( not null)?( identity [a-z ]+)?( generated)?( default [0-9a-f]+)?$");

  /** Reads the definition of a column as the catalog writes it. */
  static Column of(String definition) {
    Matcher ending = ENDING.matcher(definition);
    int end = ending.find() ? ending.start() : definition.length();
    boolean generated = end < definition.length() && ending.group(3) != null;
    String type = generated ? "" : LENGTH.matcher(definition.substring(0, end)).replaceAll("");
    return new Column(type, end < definition.length() && ending.group(1) != null);
  }
}
