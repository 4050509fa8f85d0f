package dev.pgmedic.command;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A small process that outlives us and ends what carries a run's mark in its environment: when it
 * is told to, and when we are gone. It knows that by the end of a pipe whose other end we hold.
 */
final class Supervisor {

  private static final String SCRIPT = script();

  // In a session of its own a signal to our process group passes it by.
  private static final String START =
      """
      if command -v setsid >/dev/null 2>&1; then exec setsid sh -c "$0" supervisor "$@"; fi
      exec sh -c "$0" supervisor "$@"
      """;

  private final Vertx vertx;
  private final Process process;
  private final Writer words;

  private Supervisor(Vertx vertx, Process process) {
    this.vertx = vertx;
    this.process = process;
    this.words = process.outputWriter(StandardCharsets.US_ASCII);
  }

  private static String script() {
    try (InputStream file = Supervisor.class.getResourceAsStream("supervisor.sh")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts one. Completes when it runs; fails with {@link CommandNotStarted} where there is no
   * {@code sh}.
   */
  static Future<Supervisor> start(Vertx vertx, String mark, Afterwards afterwards) {
    List<String> command = new ArrayList<>(List.of("sh", "-c", START, SCRIPT, mark));
    command.addAll(afterwards.command());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    Map<String, String> environment = builder.environment();
    environment.putAll(afterwards.environment());
    return Processes.start(vertx, builder).map(process -> new Supervisor(vertx, process));
  }

  /** Hands a signal on. Does nothing when the supervisor is gone. */
  void signal(String name, long pid) {
    tell("signal " + name + " " + pid, false);
  }

  /**
   * Ends everything that carries the mark, then itself.
   *
   * <p>Completes with whether there was anything; fails with {@link IllegalStateException} when
   * something would not end, or when the supervisor had been ended itself.
   *
   * @param grace from TERM to KILL, rounded down to tenths of a second
   */
  Future<Boolean> end(Duration grace) {
    tell("end " + grace.toMillis() / 100, true);
    return exit()
        .compose(code ->
            switch (code) {
              case 0 -> Future.succeededFuture(false);
              case 1 -> Future.succeededFuture(true);
              default ->
                  Future.failedFuture(
                      new IllegalStateException(
                          "the command's processes could not be ended (" + code + ")"));
            });
  }

  /** Ends itself alone. Completes when it has ended. */
  Future<Void> leave() {
    tell("leave", true);
    return exit().mapEmpty();
  }

  /** Completes with its exit code when it has ended, whoever ended it. */
  Future<Integer> exit() {
    return Processes.exit(vertx, process);
  }

  private void tell(String word, boolean last) {
    try {
      words.write(word + "\n");
      words.flush();
      if (last) {
        words.close();
      }
    } catch (IOException e) {
      // It is gone, and whoever waits for its end sees how.
    }
  }
}
