package dev.pgmedic.plan.action;

import dev.pgmedic.postgres.Sql;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Moves enum types that nothing uses to a schema of their own. Nothing is dropped.
 *
 * @param schema the quarantine schema
 * @param types the types
 */
public record Quarantine(String schema, List<Type> types) implements Action.Transaction {

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
  public StepType type() {
    return StepType.QUARANTINE;
  }

  @Override
  public String title() {
    return "Move the leftover " + names() + " to schema " + schema;
  }

  @Override
  public List<String> preparation() {
    return Preparation.forDefinitions(Optional.empty());
  }

  @Override
  public List<String> body() {
    return Stream.concat(
            Stream.of("CREATE SCHEMA IF NOT EXISTS " + Sql.identifier(schema)),
            types.stream().map(type -> moved(type.identity(), Sql.identifier(schema))))
        .toList();
  }

  private static String moved(String type, String to) {
    return "ALTER TYPE " + type + " SET SCHEMA " + to;
  }

  @Override
  public Optional<String> condition() {
    String rows =
        types.stream()
            .map(type -> "(" + literal(type.schema()) + ", " + literal(type.name()) + ")")
            .collect(Collectors.joining(", "));
    return Optional.of(
        """
        SELECT CASE WHEN count(t.oid) = 0 THEN 'done'
          WHEN count(t.oid) < count(*) OR bool_or(used) THEN 'neither' ELSE 'ready' END AS standing
        FROM (VALUES %s) AS o (schema, name)
        LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = o.schema
        LEFT JOIN pg_catalog.pg_type t ON t.typnamespace = n.oid AND t.typname = o.name
        CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM pg_catalog.pg_depend d
          WHERE d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass
            AND d.refobjid IN (t.oid, t.typarray) AND d.deptype <> 'i')) AS found (used)\
        """
            .formatted(rows));
  }

  private static String literal(String part) {
    return Sql.literal(Sql.unquoted(part));
  }

  @Override
  public Effect effect() {
    return Effect.METADATA;
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
            .map(type -> moved(Sql.identifier(schema) + "." + type.name(), type.schema()) + ";")
            .collect(Collectors.joining("\n")));
  }

  @Override
  public List<String> touches() {
    return types.stream().map(Type::identity).toList();
  }
}
