package dev.pgmedic.history;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Alembic: the rows of {@code alembic_version} are the current heads, without order or time. It
 * takes no lock of its own and leaves no trace of a failure.
 *
 * @see <a href="https://alembic.sqlalchemy.org/en/latest/branches.html">Alembic: working with
 *     branches</a>
 */
final class Alembic implements MigrationTool {

  private static final String INI = "alembic.ini";
  private static final Pattern LOCATION =
      Pattern.compile("(?m)^\\s*script_location\\s*=\\s*(\\S.*?)\\s*$");
  private static final Pattern REVISION =
      Pattern.compile("(?m)^revision\\s*(?::[^=\\n]+)?=\\s*['\"]([^'\"]+)['\"]");
  private static final Pattern DOWN =
      Pattern.compile("(?m)^down_revision\\s*(?::[^=\\n]+)?=\\s*(\\([^)]*\\)|[^\\n#]+)");
  private static final Pattern QUOTED = Pattern.compile("['\"]([^'\"]+)['\"]");

  @Override
  public String name() {
    return "alembic";
  }

  @Override
  public Optional<String> table(Catalog catalog) {
    return catalog
        .all(Kind.COLUMN)
        .filter(column -> column.identity().endsWith(".version_num"))
        .filter(column -> column.definition().startsWith("character varying(32) not null"))
        .map(column -> column.parent().orElseThrow())
        .filter(table -> columns(catalog, table) == 1)
        .sorted()
        .findFirst();
  }

  private static long columns(Catalog catalog, String table) {
    return catalog
        .all(Kind.COLUMN)
        .map(CatalogObject::parent)
        .filter(parent -> parent.equals(Optional.of(table)))
        .count();
  }

  @Override
  public String versions(String table) {
    return "SELECT version_num::text AS version FROM " + table + " ORDER BY 1";
  }

  @Override
  public Optional<String> current(List<String> applied) {
    return applied.isEmpty() ? Optional.empty() : Optional.of(String.join(",", applied));
  }

  @Override
  public String landmark() {
    return INI;
  }

  @Override
  public boolean isAt(Path directory) {
    return Files.isRegularFile(directory.resolve(INI));
  }

  @Override
  public OnDisk onDisk(Path directory) throws IOException {
    List<String> known = new ArrayList<>();
    Set<String> followed = new LinkedHashSet<>();
    try (Stream<Path> files = Files.list(versionsFolder(directory))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".py")).sorted().toList()) {
        String text = Files.readString(file);
        Matcher revision = REVISION.matcher(text);
        if (revision.find()) {
          known.add(revision.group(1));
          Matcher down = DOWN.matcher(text);
          if (down.find()) {
            QUOTED.matcher(down.group(1)).results().forEach(name -> followed.add(name.group(1)));
          }
        }
      }
    }
    return new OnDisk(known, known.stream().filter(name -> !followed.contains(name)).toList());
  }

  private Path versionsFolder(Path directory) throws IOException {
    Path ini = directory.resolve(INI);
    if (!isAt(directory)) {
      throw new IOException("expected " + INI + " in " + directory);
    }
    Matcher location = LOCATION.matcher(Files.readString(ini));
    if (!location.find()) {
      throw new IOException("expected script_location in " + ini);
    }
    String script = location.group(1).replace("%(here)s", directory.toString());
    Path versions = directory.resolve(script).resolve("versions");
    if (!Files.isDirectory(versions)) {
      throw new IOException("expected revision files in " + versions);
    }
    return versions;
  }
}
