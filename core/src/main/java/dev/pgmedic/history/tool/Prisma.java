package dev.pgmedic.history.tool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Prisma Migrate up to 7: a row is written before the script runs and finished behind it, so that a
 * failure stays visible and stops every later deploy.
 *
 * @see <a href="https://www.prisma.io/docs/orm/prisma-migrate/workflows/patching-and-hotfixing">
 *     Prisma: failed migrations</a>
 */
final class Prisma implements MigrationTool {

  private static final Shape SHAPE =
      Shape.of(
          "id varchar not null",
          "checksum varchar not null",
          "finished_at timestamptz",
          "migration_name varchar not null",
          "logs text",
          "rolled_back_at timestamptz",
          "started_at timestamptz not null",
          "applied_steps_count int not null");
  private static final String SCRIPT = "migration.sql";

  @Override
  public String name() {
    return "prisma";
  }

  @Override
  public List<String> readOnly(List<String> command) {
    return Words.instead(command, "deploy", "status");
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return SHAPE.fits(table);
  }

  @Override
  public String records(Table table) {
    return """
    SELECT migration_name AS version, migration_name || '/migration.sql' AS script,
           started_at::text AS at,
           checksum, left(logs, 300) AS error,
           CASE WHEN rolled_back_at IS NOT NULL THEN 'undone'
                WHEN finished_at IS NOT NULL THEN 'applied'
                WHEN logs IS NOT NULL THEN 'failed' ELSE 'unfinished' END AS state
    FROM ONLY %s ORDER BY started_at, id\
    """
        .formatted(table.identity());
  }

  // The folders' names are the order, whenever each was applied.
  @Override
  public Optional<String> current(List<RecordState> records) {
    return RecordState.applied(records).stream()
        .map(record -> record.entry().version())
        .max(String::compareTo);
  }

  @Override
  public Optional<OnDisk> onDisk(Path project) throws IOException {
    Path folder = Project.folder(project, "prisma/migrations", "migrations");
    List<MigrationFile> files = new ArrayList<>();
    for (Path script : Project.files(folder, file -> Project.name(file).equals(SCRIPT))) {
      Path migration = script.getParent();
      if (migration != null && folder.equals(migration.getParent())) {
        files.add(
            MigrationFile.of(Project.name(migration), Project.below(folder, script))
                .withChecksums(checksums(Project.text(script))));
      }
    }
    return Optional.of(OnDisk.inOrder(this, files));
  }

  /**
   * Line ends may be either system's, and old versions wrote each byte without its leading zero.
   */
  private static List<String> checksums(String script) {
    List<String> checksums = new ArrayList<>();
    for (String text :
        List.of(script, script.replace("\r\n", "\n"), script.replace("\n", "\r\n"))) {
      byte[] hash = Digests.sha256(text.getBytes(StandardCharsets.UTF_8));
      checksums.add(HexFormat.of().formatHex(hash));
      checksums.add(
          IntStream.range(0, hash.length)
              .mapToObj(i -> Integer.toHexString(hash[i] & 0xff))
              .collect(Collectors.joining()));
    }
    return checksums;
  }

  @Override
  public List<String> unknown(List<RecordState.Applied> applied, OnDisk disk) {
    return Pruned.withoutOldest(MigrationTool.super.unknown(applied, disk), applied);
  }
}
