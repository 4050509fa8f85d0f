package dev.pgmedic.embedded;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Folders that nobody else may look into. */
final class Folders {

  private static final Set<PosixFilePermission> OURS_ALONE =
      PosixFilePermissions.fromString("rwx------");

  private Folders() {}

  /** Makes the folder if it is not there, and closes it for everybody else. */
  static Path ownedByUs(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, OURS_ALONE);
    return folder;
  }

  /**
   * Makes a folder of this user in the system's temporary one. There anybody may have made it
   * first, so it is used only if it is a folder, no link, and belongs to us: programs are run from
   * it.
   */
  static Path inTemporary(String name) throws IOException {
    Path probe = Files.createTempFile(name, null);
    try {
      UserPrincipal us = Files.getOwner(probe);
      String user = us.getName().replaceAll("\\W", "_");
      Path folder = probe.resolveSibling(name + "-" + user);
      try {
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OURS_ALONE));
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
            || !Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(us)) {
          throw new IOException(
              folder + " is not ours; expected a writable XDG_CACHE_HOME, or a store.url", e);
        }
      }
      return ownedByUs(folder);
    } finally {
      Files.delete(probe);
    }
  }

  /** Deletes a folder with all that is in it. */
  static void delete(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(folder)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }

  /** Writes a file that only we may read; never readable by others, not even for a moment. */
  static void writeSecret(Path file, String secret) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, secret);
  }
}
