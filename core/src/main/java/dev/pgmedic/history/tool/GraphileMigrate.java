package dev.pgmedic.history.tool;

/**
 * graphile-migrate: a chain of hashes, one a committed file.
 *
 * @see <a href="https://github.com/graphile/migrate">graphile-migrate</a>
 */
final class GraphileMigrate implements MigrationTool {

  private static final Shape SHAPE =
      Shape.of(
          "hash text not null",
          "previous_hash text null",
          "filename text not null",
          "date timestamptz not null");

  @Override
  public String name() {
    return "graphile-migrate";
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return SHAPE.fits(table);
  }

  @Override
  public String records(Table table) {
    return """
    SELECT filename AS version, filename AS script, date::text AS at, hash AS checksum
    FROM ONLY %s ORDER BY filename COLLATE "C\"\
    """
        .formatted(table.identity());
  }
}
