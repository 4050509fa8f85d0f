package dev.pgmedic.history.tool;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Every migration tool that pgmedic knows. A new one is added here. */
public final class MigrationTools {

  private static final List<MigrationTool> ALL =
      List.of(
          new Alembic(),
          new Atlas(),
          new Dbmate(),
          new Diesel(),
          new Django(),
          new Drizzle(),
          new Ecto(),
          new EfCore(),
          new Flyway(),
          new GolangMigrate(),
          new Goose(),
          new GraphileMigrate(),
          new Knex(),
          new Liquibase(),
          new NodePgMigrate(),
          new Pgroll(),
          new Prisma(),
          new PrismaNext(),
          new Rails(),
          new Sequelize(),
          new SqlFiles(),
          new Sqitch(),
          new Sqlx(),
          new TypeOrm());

  private MigrationTools() {}

  /** Every tool, by name. */
  public static List<MigrationTool> all() {
    return ALL;
  }

  /** The tool of that name. */
  public static Optional<MigrationTool> find(String name) {
    return ALL.stream().filter(tool -> tool.name().equals(name)).findFirst();
  }

  /** Their names in the configuration and in reports. */
  public static Set<String> names() {
    return new TreeSet<>(ALL.stream().map(MigrationTool::name).toList());
  }
}
