package dev.pgmedic.enums;

import dev.pgmedic.postgres.Sql;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;

/**
 * An enum type as somebody wants it to be. Names and labels are plain text: quoting is ours.
 *
 * @param schema the schema's name, 1 to 63 bytes in UTF-8; it is never created
 * @param name the type's name, 1 to 63 bytes in UTF-8, as it would stand between double quotes
 * @param labels the labels in their order, none twice, each of 0 to 63 bytes in UTF-8; there may be
 *     none
 * @see <a href="https://www.postgresql.org/docs/current/sql-createtype.html">CREATE TYPE</a>
 */
public record EnumType(String schema, String name, List<String> labels) {

  /** NAMEDATALEN - 1: a longer name would be cut short in silence. */
  private static final int LONGEST = 63;

  /**
   * Copies the labels.
   *
   * @throws IllegalArgumentException when no server could have such a type
   */
  public EnumType {
    labels = List.copyOf(labels);
    fits("schema", schema);
    fits("name", name);
    if (schema.isEmpty() || name.isEmpty()) {
      throw new IllegalArgumentException("a type needs a schema and a name");
    }
    labels.forEach(label -> fits("label", label));
    if (new HashSet<>(labels).size() < labels.size()) {
      throw new IllegalArgumentException(
          "expected each label once, found " + EnumLabels.visible(labels));
    }
  }

  private static void fits(String what, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    boolean lossless = new String(bytes, StandardCharsets.UTF_8).equals(text);
    if (bytes.length > LONGEST || text.indexOf('\0') >= 0 || !lossless) {
      throw new IllegalArgumentException(
          "expected a %s of at most %d bytes, without NUL or half a character, found %d bytes: %s"
              .formatted(what, LONGEST, bytes.length, Sql.visibleLiteral(text)));
    }
  }

  /** The name as it stands in SQL, with its schema, each quoted. */
  public String qualified() {
    return Sql.identifier(schema) + "." + Sql.identifier(name);
  }

  /** As {@link #qualified}, in one line of visible characters, for people. */
  String visible() {
    return Sql.visibleIdentifier(schema) + "." + Sql.visibleIdentifier(name);
  }

  @Override
  public String toString() {
    return visible() + " " + EnumLabels.visible(labels);
  }
}
