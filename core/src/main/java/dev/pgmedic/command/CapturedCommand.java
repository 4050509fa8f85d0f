package dev.pgmedic.command;

import dev.pgmedic.deadline.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A command that runs without a shell, without input, and with no more of our environment than a
 * program needs to find its way; what it says is kept. Starting a process and reading its output
 * know no future, so both take a worker thread; the wait in between takes none.
 *
 * @param words the program and its arguments
 * @param folder where it runs
 * @param environment what it finds in its environment beside that
 * @param longest how much of the end of what it says is kept, in characters
 */
public record CapturedCommand(
    List<String> words, Path folder, Map<String, String> environment, int longest) {

  private static final Set<String> INHERITED = Set.of("PATH", "HOME", "LANG", "LC_ALL", "TZ");
  private static final int MOST_BYTES = 4; // of a character in UTF-8

  /** Copies the collections. */
  public CapturedCommand {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  /**
   * How it ended.
   *
   * @param exit its exit code
   * @param said the end of what it said, on both streams
   */
  public record Ended(int exit, String said) {}

  private record Started(Process process, Path output) {}

  /**
   * Runs it. Completes when it has ended, with whatever code; fails with {@link CommandNotStarted}
   * when it cannot be started, and with {@link dev.pgmedic.deadline.DeadlinePassed} after {@code
   * limit}, when it and its children were killed.
   */
  public Future<Ended> run(Vertx vertx, Duration limit) {
    return vertx
        .executeBlocking(this::start, false)
        .compose(started ->
            Deadline.within(
                    limit,
                    SupervisedCommand.text(words),
                    Future.fromCompletionStage(
                        started.process().onExit(), vertx.getOrCreateContext()),
                    () -> kill(started.process()))
                .transform(ended ->
                    vertx
                        .executeBlocking(() -> output(started), false)
                        .compose(said ->
                            ended.failed()
                                ? Future.failedFuture(ended.cause())
                                : Future.succeededFuture(
                                    new Ended(started.process().exitValue(), said)))));
  }

  private Started start() throws IOException {
    Path output = Files.createTempFile("pgmedic-command-", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(output.toFile());
    builder.environment().keySet().retainAll(INHERITED);
    builder.environment().putAll(environment);
    try {
      return new Started(builder.start(), output);
    } catch (IOException e) {
      Files.delete(output);
      throw new CommandNotStarted(words.get(0), String.valueOf(e.getMessage()), Optional.of(e));
    }
  }

  private static Future<Void> kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    return Future.succeededFuture();
  }

  private String output(Started started) throws IOException {
    try (SeekableByteChannel file =
        Files.newByteChannel(
            started.output(), StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE)) {
      file.position(Math.max(0, file.size() - (long) longest * MOST_BYTES));
      String text =
          new String(Channels.newInputStream(file).readAllBytes(), StandardCharsets.UTF_8).strip();
      return text.substring(Math.max(0, text.length() - longest));
    }
  }

  /** Without the environment, which may carry a password. */
  @Override
  public String toString() {
    return "CapturedCommand" + words;
  }
}
