package dev.pgmedic.plan.action;

import dev.pgmedic.postgres.Sql;
import java.util.Locale;

/**
 * An object that is moved out of the way.
 *
 * @param kind what it is, in the server's words: {@code table}, {@code view}, {@code materialized
 *     view}, {@code sequence}, {@code type} or {@code statistics object}
 * @param schema where it is, quoted
 * @param name its name, quoted
 */
public record Moved(String kind, String schema, String name) {

  private static final String STATISTICS = "statistics object";

  /** Rejects what nobody knows how to move. */
  public Moved {
    if (!isMovable(kind)) {
      throw new IllegalArgumentException("nobody moves a " + kind);
    }
  }

  /** Whether things of this kind can be moved to another schema. */
  public static boolean isMovable(String kind) {
    return switch (kind) {
      case "table", "view", "materialized view", "sequence", "type", STATISTICS -> true;
      default -> false;
    };
  }

  /** The object of this kind and qualified name. */
  public static Moved of(String kind, String identity) {
    String schema = Sql.parts(identity).get(0);
    return new Moved(kind, schema, identity.substring(schema.length() + 1));
  }

  /** Its qualified name. */
  public String identity() {
    return schema + "." + name;
  }

  String to(String other) {
    return alter(identity(), other);
  }

  String backFrom(String other) {
    return alter(other + "." + name, schema);
  }

  private String alter(String identity, String other) {
    String word = kind.equals(STATISTICS) ? "STATISTICS" : kind.toUpperCase(Locale.ROOT);
    return "ALTER " + word + " " + identity + " SET SCHEMA " + other;
  }

  String row() {
    return "("
        + Sql.literal(kind)
        + ", "
        + Sql.literal(Sql.unquoted(schema))
        + ", "
        + Sql.literal(Sql.unquoted(name))
        + ")";
  }
}
