package dev.pgmedic.history.tool;

/**
 * node-pg-migrate: a row a file. db-migrate has the same columns in a table called {@code
 * migrations}, so here the name counts too.
 *
 * @see <a href="https://salsita.github.io/node-pg-migrate/">node-pg-migrate</a>
 */
final class NodePgMigrate implements MigrationTool {

  private static final Shape SHAPE =
      Shape.of("id int not null", "name varchar not null", "run_on timestamp not null");

  @Override
  public String name() {
    return "node-pg-migrate";
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return SHAPE.fits(table) && table.name().contains("pgmigrations");
  }

  @Override
  public boolean mayOwn(Table table, Tables all) {
    return SHAPE.fits(table);
  }

  @Override
  public String records(Table table) {
    return "SELECT name AS version, run_on::text AS at FROM ONLY "
        + table.identity()
        + " ORDER BY run_on, id";
  }
}
