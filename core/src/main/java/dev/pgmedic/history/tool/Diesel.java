package dev.pgmedic.history.tool;

/**
 * Diesel: a row a version, whose dashes were taken out.
 *
 * @see <a href="https://docs.rs/diesel_migrations">Diesel migrations</a>
 */
final class Diesel implements MigrationTool {

  private static final Shape SHAPE =
      Shape.of("version varchar not null", "run_on timestamp not null");

  @Override
  public String name() {
    return "diesel";
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return SHAPE.fits(table);
  }

  @Override
  public String records(Table table) {
    return "SELECT version, run_on::text AS at FROM ONLY "
        + table.identity()
        + " ORDER BY version COLLATE \"C\"";
  }
}
