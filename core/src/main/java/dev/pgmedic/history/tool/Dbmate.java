package dev.pgmedic.history.tool;

/**
 * dbmate: a set of versions in order of letters. One text column is not much of a shape, so the
 * table's name counts too, and that no metadata of Rails are beside it.
 *
 * @see <a href="https://github.com/amacneil/dbmate">dbmate</a>
 */
final class Dbmate implements MigrationTool {

  private static final Shape SHAPE = Shape.of("version varchar not null");

  private final MigrationTool rails = new Rails();

  @Override
  public String name() {
    return "dbmate";
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return SHAPE.fits(table)
        && table.name().contains("schema_migrations")
        && !rails.owns(table, all);
  }

  @Override
  public boolean mayOwn(Table table, Tables all) {
    return SHAPE.fits(table) && !rails.owns(table, all);
  }

  @Override
  public String records(Table table) {
    return "SELECT version FROM ONLY " + table.identity() + " ORDER BY version COLLATE \"C\"";
  }
}
