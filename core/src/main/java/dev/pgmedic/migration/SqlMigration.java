package dev.pgmedic.migration;

import dev.pgmedic.digest.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One SQL migration, from a file called {@code 005_google_services.sql}.
 *
 * @param version the digits in front of the first underscore, as written
 * @param name the words behind it
 * @param sql the whole text of the file
 */
public record SqlMigration(String version, String name, String sql) {

  private static final Pattern FILE = Pattern.compile("(\\d+)_(.+)\\.sql");

  /** Reads a file's name; empty when it is not one of a migration. */
  public static Optional<SqlMigration> of(String fileName, String sql) {
    Matcher file = FILE.matcher(fileName);
    return file.matches()
        ? Optional.of(new SqlMigration(file.group(1), file.group(2), sql))
        : Optional.empty();
  }

  /**
   * Reads every migration of a folder, in order. Blocking.
   *
   * @throws IOException when the folder cannot be read or holds a version twice
   */
  public static List<SqlMigration> readAll(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException("expected a folder with files like 001_first.sql at " + folder);
    }
    List<SqlMigration> migrations;
    try (Stream<Path> files = Files.list(folder)) {
      migrations =
          files
              .filter(file -> FILE.matcher(file.getFileName().toString()).matches())
              .sorted()
              .map(SqlMigration::read)
              .toList();
    }
    long distinct = migrations.stream().map(SqlMigration::version).distinct().count();
    if (distinct != migrations.size()) {
      throw new IOException("two migrations of one version in " + folder);
    }
    return migrations;
  }

  private static SqlMigration read(Path file) {
    try {
      return of(file.getFileName().toString(), Files.readString(file)).orElseThrow();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The SHA-256 of the text, in hex: what tells that an applied file was changed. */
  public String sha256() {
    return Sha256.hex(sql);
  }
}
