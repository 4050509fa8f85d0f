package dev.pgmedic.quarantine;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.pgmedic.catalog.Dependence.Member;
import dev.pgmedic.postgres.Sql;
import java.util.Locale;
import java.util.Optional;

/**
 * One object in quarantine.
 *
 * @param kind what it is, in the server's words
 * @param name its qualified name, quoted
 * @param rowsEstimate about how many rows it has; absent when it has none or was never analysed
 */
public record Held(String kind, String name, Optional<Long> rowsEstimate) {

  /** How people call it. */
  @JsonIgnore
  public String title() {
    return kind + " " + name;
  }

  boolean is(Member member) {
    return member.kind().equals(kind) && member.identity().equals(name);
  }

  /** What DROP calls it. */
  String word() {
    return switch (kind) {
      case "table", "foreign table", "view", "materialized view", "sequence", "type" ->
          kind.toUpperCase(Locale.ROOT);
      case "function", "procedure", "aggregate" -> "ROUTINE";
      case "statistics object" -> "STATISTICS";
      default ->
          throw new QuarantineRefused(
              "nobody knows how to drop " + Sql.literal(title()) + "; drop it by hand");
    };
  }
}
