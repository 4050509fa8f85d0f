package dev.pgmedic.history;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.migration.SqlMigration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The plain SQL migrations that pgmedic itself applies; see {@link
 * dev.pgmedic.migration.SqlMigrations}.
 */
final class SqlFiles implements MigrationTool {

  @Override
  public String name() {
    return "sql";
  }

  @Override
  public Optional<String> table(Catalog catalog) {
    return catalog
        .all(Kind.COLUMN)
        .filter(column -> column.identity().endsWith(".sha256"))
        .map(column -> column.parent().orElseThrow())
        .filter(table -> catalog.has(Kind.COLUMN, table + ".version"))
        .filter(table -> catalog.has(Kind.COLUMN, table + ".applied_at"))
        .sorted()
        .findFirst();
  }

  @Override
  public String versions(String table) {
    return "SELECT version::text AS version FROM " + table + " ORDER BY version";
  }

  @Override
  public Optional<String> current(List<String> applied) {
    return applied.isEmpty() ? Optional.empty() : Optional.of(applied.get(applied.size() - 1));
  }

  // The records name every version, so that one in the middle may be the one that is missing.
  @Override
  public boolean isAtHead(List<String> applied, OnDisk onDisk) {
    return !onDisk.known().isEmpty() && applied.containsAll(onDisk.known());
  }

  @Override
  public String landmark() {
    return "files like 001_first.sql";
  }

  @Override
  public boolean isAt(Path directory) throws IOException {
    return Files.isDirectory(directory) && !SqlMigration.readAll(directory).isEmpty();
  }

  @Override
  public OnDisk onDisk(Path directory) throws IOException {
    List<String> known =
        SqlMigration.readAll(directory).stream().map(SqlMigration::version).toList();
    return new OnDisk(known, known.isEmpty() ? List.of() : List.of(known.get(known.size() - 1)));
  }
}
