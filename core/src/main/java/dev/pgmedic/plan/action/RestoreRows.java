package dev.pgmedic.plan.action;

import dev.pgmedic.catalog.CatalogQuery;
import dev.pgmedic.postgres.Sql;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes a table anew from known-good where its difference cannot be taken back in place: moves it
 * to the quarantine with its rows, makes it as known-good has it, and copies the rows back, all in
 * one transaction that keeps everybody out. It is done when the table is exactly as known-good has
 * it and holds every row.
 *
 * @param table the table, quoted
 * @param schema the quarantine schema, which keeps the table as it was
 * @param body the statements, in order
 * @param seen the table and its parts as they were seen
 * @param wanted the table and its parts as known-good has them
 */
public record RestoreRows(
    String table, String schema, List<String> body, List<String> seen, List<String> wanted)
    implements Action.Transaction {

  static final String TYPE = "restore_rows";

  /** Copies the lists. */
  public RestoreRows {
    body = List.copyOf(body);
    seen = List.copyOf(seen);
    wanted = List.copyOf(wanted);
  }

  @Override
  public StepType type() {
    return StepType.RESTORE_ROWS;
  }

  @Override
  public String title() {
    return "Make " + table + " anew from known-good with its rows, and keep it in schema " + schema;
  }

  @Override
  public List<String> preparation() {
    return Stream.concat(
            Preparation.forDefinitions(Optional.empty()).stream(),
            Stream.of("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE"))
        .toList();
  }

  @Override
  public Optional<String> condition() {
    return Optional.of(
        """
        SELECT CASE
          WHEN pg_catalog.array_agg(part ORDER BY part) = %s
            AND pg_catalog.to_regclass(%s) IS NULL THEN 'ready'
          WHEN pg_catalog.array_agg(part ORDER BY part) = %s
            AND pg_catalog.to_regclass(%s) IS NOT NULL THEN 'done'
          ELSE 'neither' END AS standing
        FROM (SELECT (o.kind || ' ' || o.identity || ' = ' || o.definition) COLLATE "C" AS part
        FROM (
        %s
        ) AS o WHERE o.identity = %s OR o.parent = %s) AS parts\
        """
            .formatted(
                sorted(seen),
                Sql.literal(copy()),
                sorted(wanted),
                Sql.literal(copy()),
                CatalogQuery.TEXT,
                Sql.literal(table),
                Sql.literal(table)));
  }

  private String copy() {
    return Sql.identifier(schema) + table.substring(Sql.parts(table).get(0).length());
  }

  private static String sorted(List<String> parts) {
    return "ARRAY(SELECT u COLLATE \"C\" FROM pg_catalog.unnest(ARRAY["
        + parts.stream().map(Sql::literal).collect(Collectors.joining(", "))
        + "]::text[]) AS u ORDER BY 1)";
  }

  @Override
  public Effect effect() {
    return Effect.MOVES_DATA;
  }

  @Override
  public List<String> locks() {
    return List.of("ACCESS EXCLUSIVE on " + table);
  }

  @Override
  public String precondition() {
    return table + " and its parts are still as they were seen";
  }

  @Override
  public String postcondition() {
    return table + " is as known-good has it, with every row; as it was it is in schema " + schema;
  }

  @Override
  public List<String> touches() {
    return List.of(table);
  }
}
