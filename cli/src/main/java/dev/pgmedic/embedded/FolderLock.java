package dev.pgmedic.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right of one living process to a folder; the kernel takes it back when the process ends.
 *
 * <p>The set is there because POSIX gives up a process's lock as soon as the process closes
 * <em>any</em> descriptor of the file: a second try in the same JVM must not even open it.
 */
final class FolderLock implements AutoCloseable {

  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;

  private FolderLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Takes the lock, or fails at once.
   *
   * @param folder as {@link Path#toRealPath} gives it
   */
  static FolderLock take(Path folder) throws IOException {
    if (!HELD_HERE.add(folder)) {
      throw taken(folder);
    }
    boolean locked = false;
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              folder.resolve("postgres.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      locked = lock != null;
      if (!locked) {
        throw taken(folder);
      }
      return new FolderLock(folder, channel);
    } finally {
      if (!locked) {
        HELD_HERE.remove(folder);
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  private static IOException taken(Path folder) {
    return new IOException(
        "another pgmedic uses "
            + folder
            + "; expected another store.directory, or a store.url that both share");
  }

  @Override
  public void close() throws IOException {
    channel.close();
    HELD_HERE.remove(folder);
  }
}
