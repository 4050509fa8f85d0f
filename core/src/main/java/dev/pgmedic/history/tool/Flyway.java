package dev.pgmedic.history.tool;

import dev.pgmedic.postgres.Sql;
import dev.pgmedic.postgres.SqlScript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * Flyway: every run of every script in order, undone and deleted ones too; repeatable scripts have
 * no version and are called {@code R__} and their description here.
 *
 * @see <a href="https://documentation.red-gate.com/flyway">Flyway: the schema history table</a>
 */
final class Flyway implements MigrationTool {

  private static final Shape SHAPE =
      Shape.of(
          "installed_rank int not null",
          "version varchar",
          "description varchar not null",
          "type varchar not null",
          "script varchar not null",
          "checksum int",
          "installed_by varchar not null",
          "installed_on timestamp not null",
          "execution_time int not null",
          "success boolean not null");

  /** What stands for bytes that are no text in UTF-8. */
  private static final char REPLACED = '\uFFFD';

  private static final String REPEATABLE = "R__";
  private static final Pattern FILE = Pattern.compile("(?:V(\\d[\\d._]*?)|R)__(.*)\\.sql");

  @Override
  public String name() {
    return "flyway";
  }

  @Override
  public List<String> readOnly(List<String> command) {
    return Words.instead(command, "migrate", "info");
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return SHAPE.fits(table);
  }

  @Override
  public String records(Table table) {
    return """
    SELECT coalesce(version, 'R__' || description) AS version, script, installed_on::text AS at,
           checksum::text AS checksum, type AS kind, xmin::text || ' ' || ctid::text AS row,
           CASE WHEN NOT success THEN 'failed'
                WHEN type = 'DELETE' OR type LIKE 'UNDO%%' THEN 'undone' END AS state
    FROM ONLY %s WHERE type <> 'SCHEMA' ORDER BY installed_rank\
    """
        .formatted(table.identity());
  }

  @Override
  public boolean definesOnly(String text) {
    return SqlScript.definesOnly(text);
  }

  // Behind it Flyway's own repair deletes the row, which nothing of ours does.
  @Override
  public Optional<RecordChange> recorded(RecordState broken) {
    String version = broken.entry().version();
    return version.startsWith(REPEATABLE)
        ? Optional.empty()
        : Optional.of(
            new RecordChange(
                "version " + version + " ran to its end",
                "success = true",
                "version = " + Sql.literal(version) + " AND NOT success",
                "version = " + Sql.literal(version) + " AND success",
                "success = false"));
  }

  @Override
  public Optional<RecordChange> rechecked(RecordState.Applied record, String checksum) {
    String version = record.entry().version();
    String applied = "version = " + Sql.literal(version) + " AND success AND checksum = ";
    String before = record.entry().checksum().orElse("NULL");
    return version.startsWith(REPEATABLE)
        ? Optional.empty()
        : Optional.of(
            new RecordChange(
                "version " + version + " ran as its file is now",
                "checksum = " + checksum,
                applied + before,
                applied + checksum,
                "checksum = " + before));
  }

  @Override
  public Optional<String> current(List<RecordState> records) {
    return newest(RecordState.applied(records));
  }

  private static Optional<String> newest(List<RecordState.Applied> applied) {
    return applied.stream()
        .map(record -> record.entry().version())
        .filter(version -> !version.startsWith(REPEATABLE))
        .max(VersionNumber.ORDER);
  }

  @Override
  public String key(String version) {
    return VersionNumber.key(version);
  }

  @Override
  public Optional<OnDisk> onDisk(Path project) throws IOException {
    Path folder = Project.folder(project, "src/main/resources/db/migration", "db/migration", "sql");
    List<MigrationFile> files = new ArrayList<>();
    for (Path file : Project.files(folder, path -> FILE.matcher(Project.name(path)).matches())) {
      files.add(read(folder, file));
    }
    files.sort(
        Comparator.comparing(MigrationFile::repeatable)
            .thenComparing(MigrationFile::version, VersionNumber.ORDER));
    return Optional.of(OnDisk.inOrder(this, files));
  }

  private static MigrationFile read(Path folder, Path file) throws IOException {
    Matcher name = FILE.matcher(Project.name(file));
    boolean versioned = name.matches() && name.group(1) != null;
    String version =
        versioned ? name.group(1).replace('_', '.') : REPEATABLE + name.group(2).replace('_', ' ');
    String text = Project.text(file);
    // A repeatable script is hashed after its placeholders are filled in, and one that is not UTF-8
    // by
    // the encoding of Flyway's settings.
    boolean known = (versioned || !text.contains("${")) && text.indexOf(REPLACED) < 0;
    List<String> checksums = known ? List.of(checksum(text)) : List.of();
    return MigrationFile.of(version, Project.below(folder, file))
        .withChecksums(checksums)
        .that(versioned ? MigrationFile.Runs.ONCE : MigrationFile.Runs.WHEN_CHANGED);
  }

  /** CRC-32 of the lines without their ends. */
  private static String checksum(String text) {
    CRC32 sum = new CRC32();
    String start = text.startsWith("\uFEFF") ? text.substring(1) : text;
    start.lines().forEach(line -> sum.update(line.getBytes(StandardCharsets.UTF_8)));
    return Integer.toString((int) sum.getValue());
  }

  @Override
  public List<String> pending(List<RecordState.Applied> applied, OnDisk disk) {
    Optional<String> baseline =
        applied.stream()
            .filter(record -> record.entry().kind().orElse("").contains("BASELINE"))
            .map(record -> record.entry().version())
            .max(VersionNumber.ORDER);
    Set<String> missing = new HashSet<>(MigrationTool.super.pending(applied, disk));
    return disk.files().stream()
        .filter(file -> missing.contains(file.version()) || changed(file, applied))
        .map(MigrationFile::version)
        .filter(version ->
            baseline.map(base -> VersionNumber.ORDER.compare(version, base) > 0).orElse(true)
                || version.startsWith(REPEATABLE))
        .toList();
  }

  private static boolean changed(MigrationFile file, List<RecordState.Applied> applied) {
    return file.repeatable()
        && !file.checksums().isEmpty()
        && applied.stream()
            .map(RecordState.Applied::entry)
            .filter(entry -> entry.version().equals(file.version()))
            .anyMatch(entry -> !file.checksums().contains(entry.checksum().orElse("")));
  }

  /** Without {@code outOfOrder} it refuses, or passes over, what is older than the newest. */
  @Override
  public List<String> passedOver(List<RecordState.Applied> applied, OnDisk disk) {
    Optional<String> newest = newest(applied);
    return pending(applied, disk).stream()
        .filter(version -> !version.startsWith(REPEATABLE))
        .filter(version ->
            newest.map(now -> VersionNumber.ORDER.compare(version, now) < 0).orElse(false))
        .toList();
  }

  /** Only scripts have files here: a migration in Java has none, and neither has a baseline. */
  @Override
  public List<String> unknown(List<RecordState.Applied> applied, OnDisk disk) {
    return MigrationTool.super.unknown(
        applied.stream().filter(record -> record.entry().kind().orElse("").equals("SQL")).toList(),
        disk);
  }
}
