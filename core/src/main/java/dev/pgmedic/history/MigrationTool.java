package dev.pgmedic.history;

import dev.pgmedic.catalog.Catalog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What pgmedic knows of one migration tool. To add a tool is to add one implementation to {@link
 * Histories}.
 */
interface MigrationTool {

  /** The tool's name in the configuration and in reports. */
  String name();

  /**
   * The qualified name of the tool's history table, told by the shape of its columns and never by
   * its name alone.
   */
  Optional<String> table(Catalog catalog);

  /**
   * SQL that reads the applied versions as one text column {@code version}, oldest first where the
   * order is kept.
   */
  String versions(String table);

  /** Which of the applied versions the database is at. */
  Optional<String> current(List<String> applied);

  /** Whether the migrations on disk are all applied. */
  default boolean isAtHead(List<String> applied, OnDisk onDisk) {
    return !onDisk.heads().isEmpty() && applied.containsAll(onDisk.heads());
  }

  /** What its folder is recognised by, for an error. */
  String landmark();

  /** Whether a folder is one of its projects, in order or not. Blocking. */
  boolean isAt(Path directory) throws IOException;

  /**
   * Reads the migration files. Blocking: called on a worker thread.
   *
   * @param directory the migration project
   * @throws IOException when the files are not where the tool keeps them; the message says what was
   *     expected
   */
  OnDisk onDisk(Path directory) throws IOException;

  /**
   * The versions that lie on disk.
   *
   * @param known every version
   * @param heads the newest ones: several mean that branches are not merged
   */
  record OnDisk(List<String> known, List<String> heads) {}
}
