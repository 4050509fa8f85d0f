package dev.pgmedic.cli;

import dev.pgmedic.config.ConfigException;
import dev.pgmedic.event.Cursor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Keeps how far somebody has read, also when they are killed. */
final class CursorFile {

  private final Path file;
  private final Path next;

  CursorFile(Path file) {
    this.file = file;
    this.next = file.resolveSibling(file.getFileName() + ".new");
  }

  /**
   * The cursor; empty when nothing was kept yet.
   *
   * @throws ConfigException when the file cannot be read, or holds something else
   */
  Optional<String> read() {
    try {
      String text = Files.exists(file) ? Files.readString(file).strip() : "";
      if (!text.isEmpty() && Cursor.parse(text).isEmpty()) {
        throw new ConfigException("--cursor", "expected a cursor in " + file + " or no such file");
      }
      return Optional.of(text).filter(kept -> !kept.isEmpty());
    } catch (IOException e) {
      throw new ConfigException("--cursor", "cannot read " + file + ": " + e);
    }
  }

  /**
   * Keeps a cursor: this one or the one before, never a half.
   *
   * @throws ConfigException when the file cannot be written
   */
  void write(String cursor) {
    try {
      Files.writeString(next, cursor + "\n");
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new ConfigException("--cursor", "cannot write " + file + ": " + e);
    }
  }
}
