package dev.pgmedic.history.tool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What pgmedic knows of one migration tool. To add a tool is to write one implementation, to list
 * it in {@link MigrationTools}, and to stage its tables in the tests.
 */
public interface MigrationTool {

  /** The tool's name in the configuration and in reports. */
  String name();

  /**
   * Whether this table is the tool's history, told by its columns and never by its name alone. No
   * two tools may own the same table.
   */
  boolean owns(Table table, Tables all);

  /**
   * Whether this table may be the tool's history once the configuration names the tool: for tools
   * whose columns alone say too little.
   */
  default boolean mayOwn(Table table, Tables all) {
    return owns(table, all);
  }

  /** Further tables that {@link #records} reads. */
  default List<Table> alsoReads(Table table, Tables all) {
    return List.of();
  }

  /**
   * SQL that reads the records, oldest first. Of these text columns it has {@code version} and
   * those that the tool keeps: {@code row} (the row's version: its {@code xmin} and {@code ctid}),
   * {@code state} (NULL or {@code applied}, {@code undone}, {@code failed}, {@code unfinished},
   * {@code partial}, {@code in_progress}), {@code script}, {@code at}, {@code checksum}, {@code
   * kind}, {@code error}, {@code progress}.
   */
  String records(Table table);

  /** The version that the database is at; empty at base. */
  default Optional<String> current(List<RecordState> records) {
    List<RecordState.Applied> applied = RecordState.applied(records);
    return applied.isEmpty()
        ? Optional.empty()
        : Optional.of(applied.get(applied.size() - 1).entry().version());
  }

  /**
   * Reads the migration files; empty where pgmedic does not know the tool's files. Blocking: called
   * on a worker thread.
   *
   * @param project the migration project
   * @throws IOException when the files are not where the tool keeps them; the message says what was
   *     expected
   */
  default Optional<OnDisk> onDisk(Path project) throws IOException {
    return Optional.empty();
  }

  /** The file that says that a folder is one of the tool's projects, where it has such a file. */
  default Optional<String> landmark() {
    return Optional.empty();
  }

  /**
   * The command that shows which database another command of the tool would work on, and changes
   * nothing in it; empty where none is known.
   *
   * @param command the words of a command that migrates
   */
  default List<String> readOnly(List<String> command) {
    return List.of();
  }

  /**
   * Where the tool takes the URL of its database from when it does not follow its environment, for
   * people; empty where that is not known. Blocking.
   */
  default Optional<String> urlSetting(Path project) {
    return Optional.empty();
  }

  /**
   * What is in effect of these records, oldest first. A tool with one row for all overwrites what
   * was in effect when a migration begins.
   */
  default List<RecordState.Applied> applied(List<RecordState> records, OnDisk disk) {
    return RecordState.applied(records);
  }

  /**
   * The change that makes the record of a migration that broke off say that it ran; empty where
   * that is not one row's.
   */
  default Optional<RecordChange> recorded(RecordState broken) {
    return Optional.empty();
  }

  /**
   * The change that makes the record of a migration that broke off say that it did not run; empty
   * where that is not one row's, or would delete it.
   *
   * @param before the version before it; empty for the first
   */
  default Optional<RecordChange> takenBack(RecordState broken, Optional<String> before) {
    return Optional.empty();
  }

  /**
   * The change that makes a history of one row say that the next version ran too; empty where a
   * version is a row of its own.
   */
  default Optional<RecordChange> stamped(RecordState at, String next) {
    return Optional.empty();
  }

  /**
   * The change that makes the record of a migration take its file as it is now for what ran; empty
   * where no checksum is kept, or none that can be recomputed.
   *
   * @param checksum of the file now
   */
  default Optional<RecordChange> rechecked(RecordState.Applied record, String checksum) {
    return Optional.empty();
  }

  /**
   * Whether a migration is known to do nothing but define objects that were not there.
   *
   * @param text of its file
   */
  default boolean definesOnly(String text) {
    return false;
  }

  /** The advisory key that it takes while it migrates, where that is a constant. */
  default Optional<Long> lockKey() {
    return Optional.empty();
  }

  /** One spelling for all versions that the tool takes for the same. */
  default String key(String version) {
    return version;
  }

  /** The versions on disk that are not applied. */
  default List<String> pending(List<RecordState.Applied> applied, OnDisk disk) {
    Set<String> done = keys(applied);
    return disk.versions().stream().filter(version -> !done.contains(key(version))).toList();
  }

  /** Those of the pending versions that the tool passes over, since a newer one is applied. */
  default List<String> passedOver(List<RecordState.Applied> applied, OnDisk disk) {
    return List.of();
  }

  /** The applied versions that should be on disk and are not. */
  default List<String> unknown(List<RecordState.Applied> applied, OnDisk disk) {
    Set<String> known = new HashSet<>(disk.versions().stream().map(this::key).toList());
    return applied.stream()
        .map(record -> record.entry().version())
        .filter(version -> !known.contains(key(version)))
        .toList();
  }

  /** What the records contradict of what the files say: one sentence each. */
  default List<String> contradictions(List<RecordState.Applied> applied, OnDisk disk) {
    return List.of();
  }

  /** The keys of what is applied. */
  private Set<String> keys(List<RecordState.Applied> applied) {
    return new HashSet<>(applied.stream().map(record -> key(record.entry().version())).toList());
  }
}
