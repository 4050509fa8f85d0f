package dev.pgmedic.history.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A migration on disk.
 *
 * @param version the migration as the tool's records call it
 * @param path where it is, below the project
 * @param lines which of its lines are the migration, where the file holds others too
 * @param runs when the tool runs it
 * @param follows the versions that come before it, where the file names them
 * @param replaces the versions that it stands for, where several were squashed into it
 * @param checksums what the tool would record as its checksum: several where it takes several for
 *     the same, none where it cannot be recomputed
 */
public record MigrationFile(
    String version,
    String path,
    Optional<Lines> lines,
    Runs runs,
    Set<String> follows,
    Set<String> replaces,
    List<String> checksums) {

  private static final List<String> USUAL =
      List.of(
          "",
          "src/main/resources/db/migration",
          "db/migration",
          "sql",
          "db/migrations",
          "db/migrate",
          "migrations",
          "migration",
          "prisma/migrations");

  /**
   * Lines of a file.
   *
   * @param first the first, from 1
   * @param last the last, which is one of them; the file may end before it
   */
  public record Lines(int first, int last) {}

  /** When a tool runs a migration. */
  public enum Runs {
    /** Once. */
    ONCE,
    /** Again whenever it changes. */
    WHEN_CHANGED,
    /** Once, and only where a condition holds that is not to be seen from here. */
    ON_CONDITION
  }

  /** Copies the collections. */
  public MigrationFile {
    follows = Set.copyOf(follows);
    replaces = Set.copyOf(replaces);
    checksums = List.copyOf(checksums);
  }

  /** A file of which no more is known than its version. */
  static MigrationFile of(String version, String path) {
    return new MigrationFile(
        version, path, Optional.empty(), Runs.ONCE, Set.of(), Set.of(), List.of());
  }

  /** The same, and only these lines of its file. */
  MigrationFile at(Lines part) {
    return new MigrationFile(version, path, Optional.of(part), runs, follows, replaces, checksums);
  }

  /** The same with what the tool would record as its checksum. */
  MigrationFile withChecksums(List<String> expected) {
    return new MigrationFile(version, path, lines, runs, follows, replaces, expected);
  }

  /** The same, run otherwise than once. */
  MigrationFile that(Runs others) {
    return new MigrationFile(version, path, lines, others, follows, replaces, checksums);
  }

  /** The same behind and instead of other versions. */
  MigrationFile related(Set<String> before, Set<String> instead) {
    return new MigrationFile(version, path, lines, runs, before, instead, checksums);
  }

  /**
   * The file itself: some tools say where it is below one of their usual folders. Blocking.
   *
   * @throws IOException when it is not there
   */
  public Path in(Path project) throws IOException {
    return USUAL.stream()
        .map(folder -> project.resolve(folder).resolve(path))
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(() -> new IOException("expected " + path + " in " + project));
  }

  boolean repeatable() {
    return runs == Runs.WHEN_CHANGED;
  }
}
