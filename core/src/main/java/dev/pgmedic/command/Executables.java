package dev.pgmedic.command;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Looks for the file that a command's first word names, as {@code execvp} does. */
public final class Executables {

  private Executables() {}

  /**
   * The file that runs. Refuses a command that cannot, before anybody waits for it.
   *
   * @param word a name that is looked for in {@code path}, or a path with a slash in it
   * @param path folders, with {@link File#pathSeparator} in between
   * @param directory what a relative path is relative to
   * @throws CommandNotStarted when there is no such file, or when it may not be executed
   */
  public static Path resolve(String word, String path, Path directory) {
    List<Path> candidates;
    try {
      candidates =
          word.contains("/")
              ? List.of(directory.resolve(word))
              : Arrays.stream(path.split(File.pathSeparator, -1))
                  .map(folder -> directory.resolve(folder).resolve(word))
                  .toList();
    } catch (InvalidPathException e) {
      throw new CommandNotStarted(word, "expected the name of a file", Optional.of(e));
    }
    List<Path> files = candidates.stream().filter(Files::isRegularFile).toList();
    if (files.isEmpty()) {
      String place = word.contains("/") ? "" : " in the folders of PATH";
      throw new CommandNotStarted(word, "there is no such file" + place, Optional.empty());
    }
    return files.stream()
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() ->
            new CommandNotStarted(
                word,
                files.get(0) + " is not executable; chmod +x, or name its interpreter",
                Optional.empty()));
  }
}
