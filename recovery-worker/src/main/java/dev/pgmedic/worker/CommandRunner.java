package dev.pgmedic.worker;

import dev.pgmedic.deadline.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs a command of the configuration file without a shell, with no input and with no more of our
 * environment than a program needs to find its way. Starting a process and reading its output know
 * no future, so both take a worker thread; the wait in between takes none.
 */
final class CommandRunner {

  private static final Set<String> INHERITED = Set.of("PATH", "HOME", "LANG", "LC_ALL", "TZ");
  private static final int OUTPUT_LIMIT = 4_000;

  private final Vertx vertx;

  CommandRunner(Vertx vertx) {
    this.vertx = vertx;
  }

  private record Started(Process process, Path output) {}

  /**
   * Completes with the end of what the command said when it ended with 0; fails with {@link
   * StepFailed} on another exit code, and with {@link dev.pgmedic.deadline.DeadlinePassed} after
   * {@code limit}, when it and its children were killed.
   */
  Future<String> run(List<String> command, Duration limit) {
    return vertx
        .executeBlocking(() -> start(command), false)
        .compose(started ->
            Deadline.within(
                    limit,
                    String.join(" ", command),
                    Future.fromCompletionStage(
                        started.process().onExit(), vertx.getOrCreateContext()),
                    () -> kill(started.process()))
                .transform(ended ->
                    output(started)
                        .compose(said ->
                            ended.failed()
                                ? Future.failedFuture(ended.cause())
                                : judged(command, ended.result(), said))));
  }

  private static Started start(List<String> command) throws IOException {
    Path output = Files.createTempFile("pgmedic-command-", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(output.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().retainAll(INHERITED);
    try {
      return new Started(builder.start(), output);
    } catch (IOException e) {
      Files.delete(output);
      throw e;
    }
  }

  private static Future<Void> kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    return Future.succeededFuture();
  }

  private Future<String> output(Started started) {
    return vertx.executeBlocking(
        () -> {
          byte[] said = Files.readAllBytes(started.output());
          Files.delete(started.output());
          String text = new String(said, StandardCharsets.UTF_8).strip();
          return text.substring(Math.max(0, text.length() - OUTPUT_LIMIT));
        },
        false);
  }

  private static Future<String> judged(List<String> command, Process ended, String said) {
    String told = String.join(" ", command) + " ended with " + ended.exitValue();
    String full = said.isEmpty() ? told : told + ": " + said;
    return ended.exitValue() == 0
        ? Future.succeededFuture(full)
        : Future.failedFuture(new StepFailed(full));
  }
}
