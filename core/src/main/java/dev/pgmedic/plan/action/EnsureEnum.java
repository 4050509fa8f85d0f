package dev.pgmedic.plan.action;

import dev.pgmedic.enums.EnumLabels;
import dev.pgmedic.enums.EnumType;
import dev.pgmedic.postgres.Sql;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Adds the labels that an enum type lacks, each at its place, and commits them before anything uses
 * them.
 *
 * @param name the qualified name of the type
 * @param present the labels that the type has before, in order
 * @param wanted the labels that it has after, in order: those before are among them, in the same
 *     order
 * @see <a href="https://www.postgresql.org/docs/current/sql-altertype.html">ALTER TYPE ... ADD
 *     VALUE</a>
 */
public record EnsureEnum(String name, List<String> present, List<String> wanted) implements Action {

  static final String TYPE = "ensure_enum";

  /** Copies the labels. */
  public EnsureEnum {
    present = List.copyOf(present);
    wanted = List.copyOf(wanted);
  }

  @Override
  public StepType type() {
    return StepType.ENSURE_ENUM;
  }

  @Override
  public String title() {
    return "Add the missing labels of " + name;
  }

  @Override
  public Optional<String> statements() {
    String quoted = parts().stream().map(Sql::identifier).collect(Collectors.joining("."));
    List<String> added = EnumLabels.additions(quoted, present, wanted);
    return Optional.of(String.join(";\n", added) + ";");
  }

  @Override
  public Optional<String> condition() {
    return Optional.of(
        """
        SELECT CASE pg_catalog.array_agg(e.enumlabel::text ORDER BY e.enumsortorder)
          WHEN %s THEN 'ready'
          WHEN %s THEN 'done' ELSE 'neither' END AS standing
        FROM pg_catalog.pg_enum e JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid
        JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
        WHERE n.nspname = %s AND t.typname = %s\
        """
            .formatted(
                array(present),
                array(wanted),
                Sql.literal(parts().get(0)),
                Sql.literal(parts().get(1))));
  }

  private static String array(List<String> labels) {
    return labels.stream()
        .map(Sql::literal)
        .collect(Collectors.joining(", ", "ARRAY[", "]::text[]"));
  }

  /**
   * The type as {@link dev.pgmedic.enums.Enums} takes it, which then runs {@link #statements()}.
   *
   * @throws IllegalArgumentException when a label is longer in UTF-8 than in the server's encoding
   *     and than {@link EnumType} knows it
   */
  public EnumType enumType() {
    return new EnumType(parts().get(0), parts().get(1), wanted);
  }

  private List<String> parts() {
    return Sql.parts(name).stream().map(Sql::unquoted).toList();
  }

  @Override
  public Effect effect() {
    return Effect.METADATA;
  }

  @Override
  public String precondition() {
    return name + " has the labels " + present + " and lacks some of " + wanted;
  }

  @Override
  public String postcondition() {
    return name + " has the labels " + wanted;
  }

  @Override
  public List<String> touches() {
    return List.of(name);
  }
}
