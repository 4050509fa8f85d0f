package dev.pgmedic.command;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

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
    return vertx.executeBlocking(() -> end(longest, StandardOpenOption.DELETE_ON_CLOSE), false);
  }

  /** Completes with the end of what was said until now; fails when it was taken or forgotten. */
  public Future<String> soFar(Vertx vertx, int longest) {
    return vertx.executeBlocking(() -> end(longest), false);
  }

  /** Forgets all of it. Blocks. */
  void forget() throws IOException {
    Files.delete(file);
  }

  private String end(int longest, OpenOption... afterwards) throws IOException {
    Set<OpenOption> options = new HashSet<>(Set.of(afterwards));
    options.add(StandardOpenOption.READ);
    try (SeekableByteChannel channel = Files.newByteChannel(file, options)) {
      channel.position(Math.max(0, channel.size() - (long) longest * MOST_BYTES));
      String text =
          new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8)
              .strip();
      return lines(text, Math.max(0, text.length() - longest));
    }
  }

  // From the first whole line on: half of a secret could not be found in it.
  private static String lines(String text, int from) {
    int line = from == 0 ? 0 : text.indexOf('\n', from - 1) + 1;
    return text.substring(line == 0 ? from : line);
  }
}
