package dev.pgmedic.history.tool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Knex: a row a file in batches. What its table allows to be NULL tells it from that of AdonisJS,
 * which has the same columns.
 *
 * @see <a href="https://knexjs.org/guide/migrations.html">Knex migrations</a>
 */
final class Knex implements MigrationTool {

  private static final Shape SHAPE =
      Shape.of(
          "id int not null",
          "name varchar null",
          "batch int null",
          "migration_time timestamptz null");
  private static final Pattern FILE =
      Pattern.compile(".*\\.(js|cjs|mjs|ts|cts|mts|co|coffee|eg|iced|litcoffee|ls)");
  private static final Pattern ENDING = Pattern.compile("\\.[a-z]+$");

  @Override
  public String name() {
    return "knex";
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return SHAPE.fits(table);
  }

  @Override
  public String records(Table table) {
    return """
    SELECT coalesce(name, '') AS version, name AS script, migration_time::text AS at,
           'batch ' || batch AS kind
    FROM ONLY %s ORDER BY id\
    """
        .formatted(table.identity());
  }

  /** The same migration as TypeScript and as what was compiled from it. */
  @Override
  public String key(String version) {
    return ENDING.matcher(version).replaceFirst("");
  }

  @Override
  public Optional<OnDisk> onDisk(Path project) throws IOException {
    Path folder = Project.folder(project, "db/migrations", "migrations");
    List<MigrationFile> files =
        Project.files(folder, Knex::isMigration).stream()
            .filter(file -> folder.equals(file.getParent()))
            .filter(file -> !folder.equals(project) || isNumbered(file))
            .map(file -> MigrationFile.of(Project.name(file), Project.name(file)))
            .toList();
    return Optional.of(OnDisk.inOrder(this, files));
  }

  // Knex takes whatever is in its folder; in one without the usual name other programs lie, too.
  private static boolean isNumbered(Path file) {
    return Character.isDigit(Project.name(file).charAt(0));
  }

  private static boolean isMigration(Path file) {
    String name = Project.name(file);
    return FILE.matcher(name).matches() && !name.endsWith(".d.ts");
  }
}
