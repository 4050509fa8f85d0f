package dev.pgmedic.history.tool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Finds and reads the files of a migration project. Blocking; bounded in depth and number. */
final class Project {

  private static final int DEEPEST = 12;
  private static final int MOST_FILES = 20_000;
  private static final long LARGEST_FILE = 20_000_000;
  private static final Set<String> NOT_OF_THE_PROJECT =
      Set.of("node_modules", "site-packages", "dist-packages", "target", "build", "__pycache__");

  private Project() {}

  /**
   * The first of the usual folders that is there, else the project's folder itself.
   *
   * @throws IOException when the project is no folder
   */
  static Path folder(Path project, String... usual) throws IOException {
    if (!Files.isDirectory(project)) {
      throw new IOException("expected a folder with migrations at " + project);
    }
    for (String name : usual) {
      Path folder = project.resolve(name);
      if (Files.isDirectory(folder)) {
        return folder;
      }
    }
    return project;
  }

  /**
   * The files in and below a folder that are wanted, by their paths in order of letters. Hidden
   * folders and those that hold other people's code or build output are left out.
   *
   * @throws IOException when the folder cannot be read or holds too many of them
   */
  static List<Path> files(Path folder, Predicate<Path> wanted) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        folder,
        EnumSet.of(java.nio.file.FileVisitOption.FOLLOW_LINKS),
        DEEPEST,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            String name = String.valueOf(path.getFileName());
            return !path.equals(folder)
                    && (name.startsWith(".") || NOT_OF_THE_PROJECT.contains(name))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && wanted.test(path)) {
              found.add(path);
            }
            return found.size() > MOST_FILES ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException error) throws IOException {
            if (error instanceof java.nio.file.FileSystemLoopException) {
              return FileVisitResult.CONTINUE;
            }
            throw error;
          }
        });
    if (found.size() > MOST_FILES) {
      throw new IOException("expected at most " + MOST_FILES + " migrations in " + folder);
    }
    return found.stream().sorted().toList();
  }

  /**
   * All of a file. What is no UTF-8 in it becomes the replacement character.
   *
   * @throws IOException when it cannot be read or is larger than any migration
   */
  static String text(Path file) throws IOException {
    return new String(bytes(file), StandardCharsets.UTF_8);
  }

  /**
   * All of a file.
   *
   * @throws IOException when it cannot be read or is larger than any migration
   */
  static byte[] bytes(Path file) throws IOException {
    if (Files.size(file) > LARGEST_FILE) {
      throw new IOException("expected at most " + LARGEST_FILE + " bytes in " + file);
    }
    return Files.readAllBytes(file);
  }

  static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  /** Where a file is below the project, with slashes. */
  static String below(Path project, Path file) {
    return project.relativize(file).toString().replace('\\', '/');
  }
}
