package dev.pgmedic.plan.action;

import dev.pgmedic.catalog.Dependence;
import dev.pgmedic.postgres.Sql;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Moves what is in the way to a schema of its own, with its rows and with all that rests on it.
 * Nothing is dropped, and no row is written: whatever refers to an object goes on to do so.
 *
 * @param schema the quarantine schema
 * @param objects what is moved; all that rests on any of it is among them
 * @param dependences what rests on what of it, as it was seen
 */
public record Quarantine(String schema, List<Moved> objects, List<String> dependences)
    implements Action.Transaction {

  static final String TYPE = "quarantine";

  /** Copies the lists. */
  public Quarantine {
    objects = List.copyOf(objects);
    dependences = List.copyOf(dependences);
  }

  @Override
  public StepType type() {
    return StepType.QUARANTINE;
  }

  @Override
  public String title() {
    boolean types = objects.stream().allMatch(object -> object.kind().equals("type"));
    return "Move " + (types ? "the leftover " : "") + names() + " to schema " + schema;
  }

  @Override
  public List<String> preparation() {
    Stream<String> settings = Preparation.forDefinitions(Optional.empty()).stream();
    return Stream.concat(settings, tables().map(Quarantine::locked)).toList();
  }

  private Stream<Moved> tables() {
    return objects.stream().filter(object -> object.kind().equals("table"));
  }

  // A worker before us may have moved it.
  private static String locked(Moved table) {
    return "DO "
        + Sql.body(
            " BEGIN IF pg_catalog.to_regclass("
                + Sql.literal(table.identity())
                + ") IS NOT NULL THEN LOCK TABLE "
                + table.identity()
                + "; END IF; END ");
  }

  @Override
  public List<String> body() {
    return Stream.concat(
            Stream.of("CREATE SCHEMA IF NOT EXISTS " + Sql.identifier(schema)),
            objects.stream().map(object -> object.to(Sql.identifier(schema))))
        .toList();
  }

  @Override
  public Optional<String> condition() {
    List<String> names = objects.stream().map(Moved::identity).toList();
    return Optional.of(
        """
        WITH moved (kind, schema, name) AS (VALUES %s)
        SELECT CASE
          WHEN (%s) = %d AND (%s) = 0 THEN 'done'
          WHEN (%s) = %d AND (%s) = 0 AND coalesce((SELECT pg_catalog.array_agg(
            kind || ' ' || identity || ' rests on ' || on_kind || ' ' || on_identity)
            FROM (
        %s
            ) AS found), '{}') = ARRAY[%s]::text[] THEN 'ready' ELSE 'neither' END AS standing\
        """
            .formatted(
                objects.stream().map(Moved::row).collect(Collectors.joining(", ")),
                there(Sql.literal(schema)),
                objects.size(),
                there("m.schema"),
                there("m.schema"),
                objects.size(),
                there(Sql.literal(schema)),
                Dependence.query(Dependence.named(names)),
                dependences.stream().map(Sql::literal).collect(Collectors.joining(", "))));
  }

  private static String there(String schema) {
    return """
    SELECT count(*) FROM moved m JOIN pg_catalog.pg_namespace n ON n.nspname = %s
            WHERE CASE m.kind
              WHEN 'type' THEN EXISTS (SELECT FROM pg_catalog.pg_type
                WHERE typnamespace = n.oid AND typname = m.name AND typtype <> 'c')
              WHEN 'statistics object' THEN EXISTS (SELECT FROM pg_catalog.pg_statistic_ext
                WHERE stxnamespace = n.oid AND stxname = m.name)
              ELSE EXISTS (SELECT FROM pg_catalog.pg_class
                WHERE relnamespace = n.oid AND relname = m.name AND relkind::text = ANY (CASE m.kind
                  WHEN 'table' THEN '{r,p}' WHEN 'view' THEN '{v}' WHEN 'sequence' THEN '{S}'
                  ELSE '{m}' END::text[])) END\
    """
        .formatted(schema);
  }

  @Override
  public Effect effect() {
    return Effect.METADATA;
  }

  @Override
  public List<String> locks() {
    return tables().map(table -> "ACCESS EXCLUSIVE on " + table.identity()).toList();
  }

  @Override
  public String precondition() {
    return "no other object uses " + names();
  }

  @Override
  public String postcondition() {
    return names() + " is out of the way, in schema " + schema;
  }

  private String names() {
    return objects.stream().map(Moved::identity).collect(Collectors.joining(", "));
  }

  @Override
  public Optional<String> undo() {
    return Optional.of(
        objects.reversed().stream()
            .map(object -> object.backFrom(Sql.identifier(schema)) + ";")
            .collect(Collectors.joining("\n")));
  }

  @Override
  public List<String> touches() {
    return objects.stream().map(Moved::identity).toList();
  }
}
