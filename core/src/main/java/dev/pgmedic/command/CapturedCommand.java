package dev.pgmedic.command;

import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.target.Variables;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command that runs without a shell, without input, and with no more of our environment than a
 * program needs to find its way; what it says is kept. Starting a process and reading its output
 * know no future, so both take a worker thread; the wait in between takes none.
 *
 * @param words the program and its arguments; <code>${NAME}</code> is filled in where it starts
 * @param folder where it runs
 * @param environment what it finds in its environment beside that
 * @param longest how much of the end of what it says is kept, in characters
 */
public record CapturedCommand(
    List<String> words, Path folder, Map<String, String> environment, int longest) {

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

  private record Started(Process process, CapturedOutput output) {}

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
                    started
                        .output()
                        .take(vertx, longest)
                        .compose(said ->
                            ended.failed()
                                ? Future.failedFuture(ended.cause())
                                : Future.succeededFuture(
                                    new Ended(started.process().exitValue(), said)))));
  }

  private Started start() throws IOException {
    CapturedOutput output = CapturedOutput.open();
    Streams streams = output.streams();
    ProcessBuilder builder =
        new ProcessBuilder(Variables.ofProcess().filled(words))
            .redirectInput(streams.in())
            .redirectOutput(streams.out())
            .redirectError(streams.err());
    Surroundings.in(folder, environment).apply(builder);
    try {
      return new Started(builder.start(), output);
    } catch (IOException e) {
      output.forget();
      throw new CommandNotStarted(words.get(0), String.valueOf(e.getMessage()), Optional.of(e));
    }
  }

  private static Future<Void> kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    return Future.succeededFuture();
  }

  /** Without the environment, which may carry a password. */
  @Override
  public String toString() {
    return "CapturedCommand" + words;
  }
}
