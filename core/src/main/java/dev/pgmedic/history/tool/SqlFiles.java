package dev.pgmedic.history.tool;

import dev.pgmedic.migration.SqlMigration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The plain SQL migrations that pgmedic itself applies; see {@link
 * dev.pgmedic.migration.SqlMigrations}.
 */
final class SqlFiles implements MigrationTool {

  private static final Shape SHAPE =
      Shape.of(
          "version text not null",
          "name text not null",
          "sha256 text not null",
          "applied_at timestamptz not null");

  @Override
  public String name() {
    return "sql";
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return SHAPE.fits(table);
  }

  @Override
  public String records(Table table) {
    return """
    SELECT version, name AS script, sha256 AS checksum, applied_at::text AS at
    FROM ONLY %s ORDER BY version COLLATE "C\"\
    """
        .formatted(table.identity());
  }

  @Override
  public Optional<OnDisk> onDisk(Path project) throws IOException {
    List<MigrationFile> files =
        SqlMigration.readAll(project).stream()
            .map(file ->
                MigrationFile.of(file.version(), file.version() + "_" + file.name() + ".sql")
                    .withChecksums(List.of(file.sha256())))
            .toList();
    return Optional.of(OnDisk.inOrder(this, files));
  }
}
