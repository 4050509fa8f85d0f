package dev.pgmedic.command;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that takes what a command says on both of its streams, in the order in which it says it.
 */
public final class CapturedOutput {

  private static final int MOST_BYTES = 4; // of a character in UTF-8

  private final Path file;

  private CapturedOutput(Path file) {
    this.file = file;
  }

  /** Makes an empty one, on a worker thread. */
  public static Future<CapturedOutput> open(Vertx vertx) {
    return vertx.executeBlocking(CapturedOutput::open, false);
  }

  static CapturedOutput open() throws IOException {
    return new CapturedOutput(Files.createTempFile("pgmedic-command-", ".log"));
  }

  /** The streams of a command that speaks into it and hears nothing. */
  public Streams streams() {
    Redirect append = Redirect.appendTo(file.toFile());
    return new Streams(Redirect.from(Path.of("/dev/null").toFile()), append, append);
  }

  /** Completes with the end of what was said, and forgets all of it. */
  public Future<String> take(Vertx vertx, int longest) {
    return vertx.executeBlocking(() -> take(longest), false);
  }

  /** Forgets all of it. Blocks. */
  void forget() throws IOException {
    Files.delete(file);
  }

  private String take(int longest) throws IOException {
    try (SeekableByteChannel channel =
        Files.newByteChannel(file, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE)) {
      channel.position(Math.max(0, channel.size() - (long) longest * MOST_BYTES));
      String text =
          new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8)
              .strip();
      return text.substring(Math.max(0, text.length() - longest));
    }
  }
}
