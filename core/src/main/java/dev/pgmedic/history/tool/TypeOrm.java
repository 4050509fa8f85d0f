package dev.pgmedic.history.tool;

/**
 * TypeORM: a row a migration, by the name of its class.
 *
 * @see <a href="https://typeorm.io/docs/advanced-topics/migrations">TypeORM migrations</a>
 */
final class TypeOrm implements MigrationTool {

  private static final Shape SHAPE =
      Shape.of("id int not null", "timestamp bigint not null", "name varchar not null");

  @Override
  public String name() {
    return "typeorm";
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return SHAPE.fits(table);
  }

  @Override
  public String records(Table table) {
    return "SELECT name AS version FROM ONLY " + table.identity() + " ORDER BY id";
  }
}
