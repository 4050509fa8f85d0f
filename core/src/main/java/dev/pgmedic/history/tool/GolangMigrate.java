package dev.pgmedic.history.tool;

import dev.pgmedic.postgres.SqlScript;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * golang-migrate: one row at most, the version and whether it is dirty. The same row stands while a
 * migration runs and after it failed.
 *
 * @see <a href="https://github.com/golang-migrate/migrate/blob/master/FAQ.md">What is a dirty
 *     database?</a>
 */
final class GolangMigrate implements MigrationTool {

  private static final Shape SHAPE = Shape.of("version bigint not null", "dirty boolean not null");
  private static final Pattern UP = Pattern.compile("([0-9]+)_(.*)\\.up\\.(.*)");

  @Override
  public String name() {
    return "golang-migrate";
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return SHAPE.fits(table);
  }

  @Override
  public String records(Table table) {
    return "SELECT version::text AS version, CASE WHEN dirty THEN 'unfinished' END AS state,"
        + " xmin::text || ' ' || ctid::text AS row FROM ONLY "
        + table.identity();
  }

  /** What the tool itself answers, dirty or not; a negative one is the state before the first. */
  @Override
  public Optional<String> current(List<RecordState> records) {
    return records.stream()
        .map(record -> record.entry().version())
        .filter(version -> !version.startsWith("-"))
        .findFirst();
  }

  /** Behind a version that broke off, the one before it is in effect. */
  @Override
  public List<RecordState.Applied> applied(List<RecordState> records, OnDisk disk) {
    return records.stream()
        .flatMap(record -> standing(record, disk).stream())
        .map(RecordState.Applied::new)
        .toList();
  }

  private static Optional<Entry> standing(RecordState record, OnDisk disk) {
    if (record instanceof RecordState.Applied) {
      return Optional.of(record.entry());
    }
    int at = disk.versions().indexOf(record.entry().version());
    return at > 0 ? Optional.of(record.entry().of(disk.versions().get(at - 1))) : Optional.empty();
  }

  @Override
  public boolean definesOnly(String text) {
    return SqlScript.definesOnly(text);
  }

  @Override
  public Optional<RecordChange> recorded(RecordState broken) {
    return version(broken)
        .map(version ->
            new RecordChange(
                "version " + version + " ran to its end",
                "dirty = false",
                "version = " + version + " AND dirty",
                "version = " + version + " AND NOT dirty",
                "dirty = true"));
  }

  // Before the first version the table is empty, and no row is deleted here.
  @Override
  public Optional<RecordChange> takenBack(RecordState broken, Optional<String> before) {
    return version(broken)
        .flatMap(version ->
            before.map(previous ->
                new RecordChange(
                    "version " + previous + " is in effect and " + version + " did not run",
                    "version = " + previous + ", dirty = false",
                    "version = " + version + " AND dirty",
                    "version = " + previous + " AND NOT dirty",
                    "version = " + version + ", dirty = true")));
  }

  @Override
  public Optional<RecordChange> stamped(RecordState at, String next) {
    return version(at)
        .map(version ->
            new RecordChange(
                "version " + next + " ran",
                "version = " + next,
                "version = " + version + " AND NOT dirty",
                "version = " + next + " AND NOT dirty",
                "version = " + version));
  }

  // Below zero it is the way back before the first, which a person decides.
  private static Optional<String> version(RecordState record) {
    return Optional.of(record.entry().version()).filter(version -> !version.startsWith("-"));
  }

  @Override
  public String key(String version) {
    return VersionNumber.key(version);
  }

  @Override
  public Optional<OnDisk> onDisk(Path project) throws IOException {
    Path folder = Project.folder(project, "db/migrations", "migrations", "migration");
    List<MigrationFile> files =
        Project.files(folder, file -> UP.matcher(Project.name(file)).matches()).stream()
            .map(file -> MigrationFile.of(version(file), Project.below(folder, file)))
            .sorted(Comparator.comparing(MigrationFile::version, VersionNumber.ORDER))
            .toList();
    return Optional.of(OnDisk.inOrder(this, files));
  }

  private String version(Path file) {
    Matcher name = UP.matcher(Project.name(file));
    return name.matches() ? key(name.group(1)) : "";
  }

  @Override
  public List<String> pending(List<RecordState.Applied> applied, OnDisk disk) {
    Optional<String> at = applied.stream().map(record -> record.entry().version()).findFirst();
    return disk.versions().stream()
        .filter(
            version -> at.map(now -> VersionNumber.ORDER.compare(version, now) > 0).orElse(true))
        .toList();
  }
}
