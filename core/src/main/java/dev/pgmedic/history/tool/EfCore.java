package dev.pgmedic.history.tool;

import dev.pgmedic.postgres.Sql;

/**
 * Entity Framework Core: a set of migrations. From version 9 on it holds ACCESS EXCLUSIVE on this
 * table for a whole run, so that reading it may find it locked. Plug-ins rename the columns.
 *
 * @see <a href="https://learn.microsoft.com/en-us/ef/core/managing-schemas/migrations/">EF Core
 *     migrations</a>
 */
final class EfCore implements MigrationTool {

  private static final String COLUMN = "MigrationId";
  private static final Shape SHAPE =
      Shape.of(COLUMN + " varchar not null", "ProductVersion varchar not null");
  private static final Shape SNAKE_CASE =
      Shape.of("migration_id varchar not null", "product_version varchar not null");

  @Override
  public String name() {
    return "efcore";
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return SHAPE.fits(table) || SNAKE_CASE.fits(table);
  }

  @Override
  public String records(Table table) {
    String version = table.has(COLUMN) ? Sql.identifier(COLUMN) : "migration_id";
    return "SELECT %1$s AS version FROM ONLY %2$s ORDER BY %1$s COLLATE \"C\""
        .formatted(version, table.identity());
  }
}
