package dev.pgmedic.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks into migration files for whether one of them takes something away on purpose. */
public final class MigrationFiles {

  private static final long LARGEST_FILE = 1_000_000;
  private static final int MOST_FILES = 5_000;

  private MigrationFiles() {}

  /**
   * Those of the names that no file under the folder drops. Blocking. A file that drops anything
   * and names the object counts as dropping it: this only keeps a report from crying wolf.
   *
   * @throws IOException when the folder cannot be read
   */
  public static List<String> notDropped(Optional<Path> directory, List<String> identities)
      throws IOException {
    if (directory.isEmpty() || identities.isEmpty()) {
      return identities;
    }
    StringBuilder dropping = new StringBuilder();
    try (Stream<Path> files = Files.walk(directory.get(), 6)) {
      for (Path file : files.filter(MigrationFiles::isMigration).limit(MOST_FILES).toList()) {
        String text = Files.readString(file).toLowerCase(Locale.ROOT);
        if (text.contains("drop")) {
          dropping.append(text).append('\n');
        }
      }
    }
    String all = dropping.toString();
    return identities.stream().filter(identity -> !all.contains(bareName(identity))).toList();
  }

  private static boolean isMigration(Path path) {
    String name = path.toString();
    try {
      return (name.endsWith(".sql") || name.endsWith(".py"))
          && Files.isRegularFile(path)
          && Files.size(path) <= LARGEST_FILE;
    } catch (IOException e) {
      return false;
    }
  }

  private static String bareName(String identity) {
    String name = identity.substring(identity.lastIndexOf('.') + 1).replace("\"", "");
    int arguments = name.indexOf('(');
    return (arguments < 0 ? name : name.substring(0, arguments)).toLowerCase(Locale.ROOT);
  }
}
