package dev.pgmedic.history;

import dev.pgmedic.history.tool.MigrationFile;
import dev.pgmedic.history.tool.MigrationTool;
import dev.pgmedic.history.tool.OnDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A line of a migration that names something.
 *
 * @param version the migration
 * @param file where it is, below the project
 * @param line from 1
 */
public record Mention(String version, String file, int line) {

  /**
   * The first line of these migrations that names it as a whole word; empty where none does.
   * Blocking.
   *
   * @throws IOException when the files cannot be read
   */
  public static Optional<Mention> first(
      MigrationTool tool, Path project, List<String> versions, String name) throws IOException {
    Pattern word =
        Pattern.compile("(?<![\\p{L}\\p{N}_$])" + Pattern.quote(name) + "(?![\\p{L}\\p{N}_$])");
    List<MigrationFile> files =
        tool.onDisk(project).map(OnDisk::files).orElse(List.of()).stream()
            .filter(file -> versions.contains(file.version()))
            .toList();
    for (MigrationFile file : files) {
      List<String> lines =
          new String(Files.readAllBytes(file.in(project)), StandardCharsets.UTF_8).lines().toList();
      for (int at = 0; at < lines.size(); at++) {
        if (word.matcher(lines.get(at)).find()) {
          return Optional.of(new Mention(file.version(), file.path(), at + 1));
        }
      }
    }
    return Optional.empty();
  }
}
