package dev.pgmedic.history.tool;

/**
 * sqlx: a row a version. PostgreSQL's part of it never writes a failed one today; old versions did,
 * and sqlx calls such a migration partially applied.
 *
 * @see <a href="https://docs.rs/sqlx/latest/sqlx/migrate/">sqlx migrations</a>
 */
final class Sqlx implements MigrationTool {

  private static final Shape SHAPE =
      Shape.of(
          "version bigint not null",
          "description text not null",
          "installed_on timestamptz not null",
          "success boolean not null",
          "checksum bytea not null",
          "execution_time bigint not null");

  @Override
  public String name() {
    return "sqlx";
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return SHAPE.fits(table);
  }

  @Override
  public String records(Table table) {
    return """
    SELECT version::text AS version, description AS script, installed_on::text AS at,
           encode(checksum, 'hex') AS checksum, CASE WHEN NOT success THEN 'partial' END AS state
    FROM ONLY %s AS history ORDER BY history.version\
    """
        .formatted(table.identity());
  }
}
