package dev.pgmedic.plan;

import dev.pgmedic.postgres.Sql;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Moves enum types that nothing uses to a schema of their own. Nothing is dropped.
 *
 * @param schema the quarantine schema
 * @param types the types
 */
public record Quarantine(String schema, List<Type> types) implements Action {

  static final String TYPE = "quarantine";

  /** Copies the types. */
  public Quarantine {
    types = List.copyOf(types);
  }

  /**
   * One type that is moved.
   *
   * @param schema where it is, quoted
   * @param name its name, quoted
   * @param owner the role that it belongs to and that keeps it
   */
  public record Type(String schema, String name, String owner) {

    /** Its qualified name. */
    public String identity() {
      return schema + "." + name;
    }
  }

  @Override
  public String kind() {
    return TYPE;
  }

  @Override
  public Optional<String> statements() {
    return Optional.of(
        "CREATE SCHEMA IF NOT EXISTS "
            + Sql.identifier(schema)
            + ";\n"
            + moves(type -> type.identity(), Sql.identifier(schema)));
  }

  private String moves(java.util.function.Function<Type, String> from, String to) {
    return types.stream()
        .map(type -> "ALTER TYPE " + from.apply(type) + " SET SCHEMA " + to + ";")
        .collect(Collectors.joining("\n"));
  }

  @Override
  public Effect effect() {
    return Effect.METADATA;
  }

  @Override
  public List<String> locks() {
    return List.of();
  }

  @Override
  public String precondition() {
    return "no object uses " + names();
  }

  @Override
  public String postcondition() {
    return names() + " is out of the way, in schema " + schema;
  }

  private String names() {
    return types.stream().map(Type::identity).collect(Collectors.joining(", "));
  }

  @Override
  public Optional<String> undo() {
    return Optional.of(
        types.stream()
            .map(type ->
                "ALTER TYPE "
                    + Sql.identifier(schema)
                    + "."
                    + type.name()
                    + " SET SCHEMA "
                    + type.schema()
                    + ";")
            .collect(Collectors.joining("\n")));
  }
}
