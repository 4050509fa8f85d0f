package dev.pgmedic.history.tool;

/**
 * Drizzle: a row a migration with the time in its journal, by which alone old versions know what is
 * applied. Version 1 adds the name.
 *
 * @see <a href="https://orm.drizzle.team/docs/migrations">Drizzle migrations</a>
 */
final class Drizzle implements MigrationTool {

  private static final Shape SHAPE =
      Shape.of("id int not null", "hash text not null", "created_at bigint null")
          .orAlso("name text", "applied_at timestamptz");

  @Override
  public String name() {
    return "drizzle";
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return SHAPE.fits(table);
  }

  @Override
  public String records(Table table) {
    String name = table.has("name") ? "name" : "NULL";
    return """
    SELECT coalesce(%s, created_at::text, '') AS version, hash AS checksum
    FROM ONLY %s ORDER BY created_at, id\
    """
        .formatted(name, table.identity());
  }
}
