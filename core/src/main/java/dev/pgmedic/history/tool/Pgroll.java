package dev.pgmedic.history.tool;

import java.util.List;
import java.util.Optional;

/**
 * pgroll: a chain of migrations of each schema. The last one may be begun and not completed, for
 * days and on purpose. Its event triggers record foreign DDL here too, pgmedic's own included.
 *
 * @see <a href="https://pgroll.com/docs/latest/guides/pgroll-internals">pgroll</a>
 */
final class Pgroll implements MigrationTool {

  private static final Shape SHAPE =
      Shape.of(
              "schema name not null",
              "name text not null",
              "migration jsonb not null",
              "parent text",
              "done boolean not null",
              "resulting_schema jsonb not null")
          .andMore();

  @Override
  public String name() {
    return "pgroll";
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return SHAPE.fits(table);
  }

  @Override
  public String records(Table table) {
    return """
    SELECT schema || '.' || name AS version, created_at::text AS at,
           CASE WHEN NOT done THEN 'in_progress' END AS state
    FROM ONLY %s AS history ORDER BY history.created_at, history.name\
    """
        .formatted(table.identity());
  }

  /** The newest of each schema. */
  @Override
  public Optional<String> current(List<RecordState> records) {
    return Newest.ofEach('.', records);
  }
}
