package dev.pgmedic.cli;

import io.vertx.core.json.JsonObject;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;

/**
 * What a recovery did, an object a line, beside what a person reads. Each line is on disk at once.
 */
final class RecoveryLog implements AutoCloseable {

  private final BufferedWriter file;
  private final Clock clock;
  private final String target;

  private RecoveryLog(BufferedWriter file, Clock clock, String target) {
    this.file = file;
    this.clock = clock;
    this.target = target;
  }

  /**
   * Begins one in a file that is not there yet.
   *
   * @throws UncheckedIOException when it is, or cannot be written
   */
  static RecoveryLog begin(Path path, Clock clock, String target) {
    try {
      return new RecoveryLog(
          Files.newBufferedWriter(path, StandardOpenOption.CREATE_NEW), clock, target);
    } catch (IOException e) {
      throw new UncheckedIOException("--log " + path + ": expected a file that can be made", e);
    }
  }

  void tell(String what, JsonObject facts) {
    JsonObject line =
        new JsonObject().put("at", clock.instant()).put("target", target).put("what", what);
    try {
      file.write(line.mergeIn(facts).encode());
      file.newLine();
      file.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
