package dev.pgmedic.history.tool;

import java.util.Locale;

/**
 * Sequelize (umzug): a set of file names. One text column is not much of a shape, so the table's
 * name counts too; seeds have the same columns and another name.
 *
 * @see <a href="https://sequelize.org/docs/v6/other-topics/migrations/">Sequelize migrations</a>
 */
final class Sequelize implements MigrationTool {

  private static final Shape SHAPE =
      Shape.of("name varchar not null")
          .orAlso("createdAt timestamptz not null", "updatedAt timestamptz not null");

  @Override
  public String name() {
    return "sequelize";
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return mayOwn(table, all)
        && table.name().toLowerCase(Locale.ROOT).replace("_", "").contains("sequelizemeta");
  }

  @Override
  public boolean mayOwn(Table table, Tables all) {
    return SHAPE.fits(table);
  }

  @Override
  public String records(Table table) {
    return "SELECT name AS version FROM ONLY " + table.identity() + " ORDER BY name COLLATE \"C\"";
  }
}
