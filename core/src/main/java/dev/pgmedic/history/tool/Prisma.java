package dev.pgmedic.history.tool;

import dev.pgmedic.digest.Sha256;
import dev.pgmedic.postgres.Sql;
import dev.pgmedic.postgres.SqlScript;
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
  private static final long LOCK_KEY = 72_707_369;
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
           checksum, left(logs, 300) AS error, xmin::text || ' ' || ctid::text AS row,
           CASE WHEN rolled_back_at IS NOT NULL THEN 'undone'
                WHEN finished_at IS NOT NULL THEN 'applied'
                WHEN logs IS NOT NULL THEN 'failed' ELSE 'unfinished' END AS state
    FROM ONLY %s ORDER BY started_at, id\
    """
        .formatted(table.identity());
  }

  @Override
  public boolean definesOnly(String text) {
    return SqlScript.definesOnly(text);
  }

  @Override
  public Optional<RecordChange> recorded(RecordState broken) {
    String name = name(broken);
    return Optional.of(
        new RecordChange(
            broken.entry().version() + " ran to its end",
            "finished_at = now()",
            name + " AND finished_at IS NULL AND rolled_back_at IS NULL",
            name + " AND finished_at IS NOT NULL AND rolled_back_at IS NULL",
            "finished_at = NULL"));
  }

  /** As {@code prisma migrate resolve --rolled-back} does. */
  @Override
  public Optional<RecordChange> takenBack(RecordState broken, Optional<String> before) {
    String name = name(broken);
    return Optional.of(
        new RecordChange(
            broken.entry().version() + " was rolled back",
            "rolled_back_at = now()",
            name + " AND finished_at IS NULL AND rolled_back_at IS NULL",
            name + " AND finished_at IS NULL AND rolled_back_at IS NOT NULL",
            "rolled_back_at = NULL"));
  }

  @Override
  public Optional<RecordChange> rechecked(RecordState.Applied record, String checksum) {
    String applied = name(record) + " AND finished_at IS NOT NULL AND checksum = ";
    String before = Sql.literal(record.entry().checksum().orElse(""));
    String now = Sql.literal(checksum);
    return Optional.of(
        new RecordChange(
            record.entry().version() + " ran as its file is now",
            "checksum = " + now,
            applied + before,
            applied + now,
            "checksum = " + before));
  }

  // Several rows of one name are normal: a migration may be rolled back and fail again.
  private static String name(RecordState record) {
    return "migration_name = "
        + Sql.literal(record.entry().version())
        + " AND started_at = "
        + Sql.literal(record.entry().at().orElse(""))
        + "::timestamptz";
  }

  @Override
  public Optional<Long> lockKey() {
    return Optional.of(LOCK_KEY);
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
      byte[] hash = Sha256.of(text.getBytes(StandardCharsets.UTF_8));
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
