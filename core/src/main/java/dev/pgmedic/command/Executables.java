package dev.pgmedic.command;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Finds the file that a command's first word names, as {@code execvp} does. */
public final class Executables {

  private Executables() {}

  /**
   * The file that would run.
   *
   * @param word a name that is looked for in {@code path}, or a path with a slash in it
   * @param path folders, with {@link File#pathSeparator} in between
   * @param directory what a relative path is relative to
   * @throws CommandNotStarted when there is none, or when it may not be executed
   */
  public static Path find(String word, String path, Path directory) {
    try {
      if (word.contains("/")) {
        return executable(word, directory.resolve(word));
      }
      Optional<Path> forbidden = Optional.empty();
      for (String folder : Arrays.asList(path.split(File.pathSeparator, -1))) {
        Path file = directory.resolve(folder).resolve(word);
        if (Files.isRegularFile(file)) {
          if (Files.isExecutable(file)) {
            return file;
          }
          forbidden = forbidden.or(() -> Optional.of(file));
        }
      }
      if (forbidden.isPresent()) {
        return executable(word, forbidden.get());
      }
    } catch (InvalidPathException e) {
      throw new CommandNotStarted(word, "expected the name of a file", Optional.of(e));
    }
    throw new CommandNotStarted(
        word, "there is no such file in the folders of PATH", Optional.empty());
  }

  private static Path executable(String word, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new CommandNotStarted(word, "there is no such file", Optional.empty());
    }
    if (!Files.isExecutable(file)) {
      throw new CommandNotStarted(
          word, file + " is not executable; chmod +x, or name its interpreter", Optional.empty());
    }
    return file;
  }
}
