package dev.pgmedic.history.tool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Liquibase: a row a change set, without a key. A change set is called {@code file::id::author}
 * here, as Liquibase itself prints it. Its checksums cannot be recomputed without Liquibase.
 *
 * @see <a href="https://docs.liquibase.com/concepts/tracking-tables/databasechangelog-table.html">
 *     Liquibase: the DATABASECHANGELOG table</a>
 */
final class Liquibase implements MigrationTool {

  static final String BETWEEN = "::";

  private static final Shape SHAPE =
      Shape.of(
              "id varchar not null",
              "author varchar not null",
              "filename varchar not null",
              "dateexecuted timestamp not null",
              "orderexecuted int not null",
              "exectype varchar not null",
              "md5sum varchar null")
          .andMore();

  @Override
  public String name() {
    return "liquibase";
  }

  @Override
  public boolean owns(Table table, Tables all) {
    return SHAPE.fits(table);
  }

  @Override
  public String records(Table table) {
    return """
    SELECT filename || '::' || id || '::' || author AS version, filename AS script,
           dateexecuted::text AS at,
           md5sum AS checksum, exectype AS kind
    FROM ONLY %s ORDER BY dateexecuted, orderexecuted\
    """
        .formatted(table.identity());
  }

  @Override
  public Optional<OnDisk> onDisk(Path project) throws IOException {
    return Optional.of(OnDisk.inOrder(this, LiquibaseChangelog.read(project)));
  }

  /** What has a condition may be meant for another database. */
  @Override
  public List<String> pending(List<RecordState.Applied> applied, OnDisk disk) {
    Map<String, List<ChangeSetName>> done = byOwnName(names(applied));
    return disk.files().stream()
        .filter(file -> file.runs() != MigrationFile.Runs.ON_CONDITION)
        .map(MigrationFile::version)
        .filter(version -> !ChangeSetName.of(version).isAmong(done))
        .toList();
  }

  @Override
  public List<String> unknown(List<RecordState.Applied> applied, OnDisk disk) {
    Map<String, List<ChangeSetName>> known =
        byOwnName(disk.versions().stream().map(ChangeSetName::of).toList());
    List<String> unknown =
        names(applied).stream()
            .filter(name -> !name.isAmong(known))
            .map(ChangeSetName::version)
            .toList();
    return Pruned.withoutOldest(unknown, applied);
  }

  private static List<ChangeSetName> names(List<RecordState.Applied> applied) {
    return applied.stream().map(record -> ChangeSetName.of(record.entry().version())).toList();
  }

  private static Map<String, List<ChangeSetName>> byOwnName(List<ChangeSetName> names) {
    return names.stream().collect(Collectors.groupingBy(ChangeSetName::own));
  }

  /**
   * A change set's name in parts.
   *
   * @param version the whole
   * @param file its file, however it was reached
   * @param own its id and author
   */
  private record ChangeSetName(String version, String file, String own) {

    static ChangeSetName of(String version) {
      int end = Math.max(0, version.indexOf(BETWEEN));
      return new ChangeSetName(
          version,
          version.substring(0, end).replaceFirst("^(classpath:|file:)?[./]*", "/"),
          version.substring(end));
    }

    /** The same file may have been reached through another folder. */
    boolean isAmong(Map<String, List<ChangeSetName>> others) {
      return others.getOrDefault(own, List.of()).stream()
          .anyMatch(other -> file.endsWith(other.file) || other.file.endsWith(file));
    }
  }
}
