package dev.pgmedic.embedded;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.ArchUtils;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The server's programs: those in the folder that {@code PGMEDIC_POSTGRES} names, else zonky's
 * binaries, unpacked once for each user. The server itself is started by {@link EmbeddedServer},
 * because zonky's own starter switches fsync off and trusts every connection, which is right for
 * tests and wrong for a store.
 */
final class Binaries {

  private static final String GIVEN = "PGMEDIC_POSTGRES";
  private static final int EXECUTABLE = 0100;

  private Binaries() {}

  /** The folder with {@code bin/postgres}. Blocking; unpacks on first use. */
  static Path folder() throws IOException {
    String given = Objects.requireNonNullElse(System.getenv(GIVEN), "");
    return given.isEmpty() ? unpacked() : given(Path.of(given));
  }

  private static Path given(Path folder) throws IOException {
    if (!Files.isExecutable(folder.resolve("bin/initdb"))) {
      throw new IOException(
          GIVEN + ": expected a folder with bin/initdb in it, found \"" + folder + "\"");
    }
    return folder;
  }

  private static Path unpacked() throws IOException {
    byte[] archive = archive();
    CRC32 sum = new CRC32();
    sum.update(archive);
    String name = "postgres-" + Long.toHexString(sum.getValue());
    Path cache = cache();
    Path folder = cache.resolve(name);
    if (!Files.isDirectory(folder)) {
      Path unpacking = Files.createTempDirectory(cache, "unpacking-");
      unpack(archive, unpacking);
      try {
        Files.move(unpacking, folder, StandardCopyOption.ATOMIC_MOVE);
      } catch (FileSystemException e) {
        Folders.delete(unpacking);
        if (!Files.isDirectory(folder)) {
          throw e;
        } // else another process was faster, and its folder is the same
      }
    }
    return folder;
  }

  private static byte[] archive() throws IOException {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String name = system.startsWith("mac") ? "Darwin" : "Linux";
    String machine = ArchUtils.normalize(System.getProperty("os.arch", ""));
    try (InputStream in = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(name, machine)) {
      return in.readAllBytes();
    } catch (RuntimeException e) {
      throw new IOException(
          "no PostgreSQL for "
              + name
              + " on "
              + machine
              + " is built in; expected store.url, or "
              + GIVEN,
          e);
    }
  }

  private static Path cache() throws IOException {
    String xdg = Objects.requireNonNullElse(System.getenv("XDG_CACHE_HOME"), "");
    Path wanted =
        xdg.isEmpty() ? Path.of(System.getProperty("user.home", ""), ".cache") : Path.of(xdg);
    if (wanted.isAbsolute()) { // a user without a home has "?" there
      try {
        Path cache = Files.createDirectories(wanted.resolve("pgmedic"));
        if (Files.isWritable(cache)) {
          return cache;
        }
      } catch (FileSystemException e) {
        return Folders.inTemporary("pgmedic"); // a home that is read-only
      }
    }
    return Folders.inTemporary("pgmedic");
  }

  private static void unpack(byte[] archive, Path folder) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new BufferedInputStream(
                new XZCompressorInputStream(new ByteArrayInputStream(archive))))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = folder.resolve(entry.getName()).normalize();
        if (!path.startsWith(folder)) {
          throw new IOException("an entry leaves the archive: " + entry.getName());
        }
        write(tar, entry, path);
      }
    }
  }

  private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path path)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Path parent = path.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(tar, path, StandardCopyOption.REPLACE_EXISTING);
    if ((entry.getMode() & EXECUTABLE) != 0) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }
}
