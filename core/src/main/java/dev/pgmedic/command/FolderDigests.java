package dev.pgmedic.command;

import dev.pgmedic.digest.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The SHA-256 of every file below a folder, so that a change of any of them shows.
 *
 * @param files by its path below the folder, with slashes
 * @param leftOut the folders that were not looked into: caches, libraries, and what tools write
 */
public record FolderDigests(Map<String, String> files, List<String> leftOut) {

  private static final Set<String> NOT_SOURCE =
      Set.of("node_modules", "__pycache__", "venv", "target", "build", "dist", "vendor", "log");
  private static final int DEEPEST = 20;
  private static final int MOST_FILES = 10_000;
  private static final long MOST_BYTES = 500_000_000;

  /** Copies the collections. */
  public FolderDigests {
    files = Map.copyOf(files);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * Reads them all. Blocking.
   *
   * @throws IOException when one cannot be read, and when there are more than 10,000 of them, more
   *     than 500 MB, or folders in more than 20 folders
   */
  public static FolderDigests of(Path folder) throws IOException {
    Visit visit = new Visit(folder);
    // What lies behind a link runs too.
    Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEEPEST, visit);
    return new FolderDigests(visit.files, visit.leftOut);
  }

  private static final class Visit extends SimpleFileVisitor<Path> {

    private final Path folder;
    private final Map<String, String> files = new TreeMap<>();
    private final List<String> leftOut = new ArrayList<>();
    private long bytes;

    Visit(Path folder) {
      this.folder = folder;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
      String name = String.valueOf(path.getFileName());
      if (path.equals(folder) || (!NOT_SOURCE.contains(name) && !name.startsWith("."))) {
        return FileVisitResult.CONTINUE;
      }
      leftOut.add(below(path));
      return FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
      if (attributes.isDirectory()) {
        throw new IOException("expected at most " + DEEPEST + " folders in each other: " + path);
      }
      bytes += attributes.size();
      if (files.size() >= MOST_FILES || bytes > MOST_BYTES) {
        throw new IOException(
            "expected at most " + MOST_FILES + " files and 500 MB in " + folder + " to hash");
      }
      // A link that leads nowhere cannot be run.
      if (Files.isRegularFile(path)) {
        files.put(below(path), sha256(path));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path path, IOException error) throws IOException {
      if (error instanceof FileSystemLoopException) {
        return FileVisitResult.CONTINUE;
      }
      throw error;
    }

    private String below(Path path) {
      return folder.relativize(path).toString().replace('\\', '/');
    }
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest = Sha256.begin();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
