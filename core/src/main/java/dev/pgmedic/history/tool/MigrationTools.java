package dev.pgmedic.history.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /**
   * Refuses a folder in which no tool keeps its migrations. Blocking.
   *
   * @param wanted the only tool that counts
   * @throws IOException with what was expected, or what is wrong with what was found
   */
  public static void requireProject(Path folder, Optional<String> wanted) throws IOException {
    Path shown = folder.toAbsolutePath().normalize();
    if (!Files.isDirectory(folder)) {
      throw new IOException("there is no folder " + shown);
    }
    List<MigrationTool> tools =
        ALL.stream().filter(tool -> wanted.map(tool.name()::equals).orElse(true)).toList();
    List<MigrationTool> named = tools.stream().filter(tool -> isAt(tool, folder)).toList();
    for (MigrationTool tool : named.isEmpty() && wanted.isPresent() ? tools : named) {
      if (hasMigrations(tool, folder)) {
        return;
      }
    }
    if (!named.isEmpty() || wanted.isPresent() || !anyHasMigrations(tools, folder)) {
      throw new IOException(
          "expected "
              + wanted
                  .map(tool -> "migrations of " + tool + ", as far as their files are known,")
                  .orElse("alembic.ini, manage.py, or files like 001_first.sql or V1__first.sql")
              + " in "
              + shown);
    }
  }

  private static boolean isAt(MigrationTool tool, Path folder) {
    return tool.landmark().filter(name -> Files.isRegularFile(folder.resolve(name))).isPresent();
  }

  private static boolean hasMigrations(MigrationTool tool, Path folder) throws IOException {
    return tool.onDisk(folder).filter(disk -> !disk.files().isEmpty()).isPresent();
  }

  private static boolean anyHasMigrations(List<MigrationTool> tools, Path folder) {
    return tools.stream()
        .anyMatch(tool -> {
          try {
            return hasMigrations(tool, folder);
          } catch (IOException e) {
            return false; // another tool's folder
          }
        });
  }
}
