package dev.pgmedic.worker;

import dev.pgmedic.command.CapturedCommand;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Runs a command of the configuration file, which must end with 0. */
final class CommandRunner {

  private static final int OUTPUT_LIMIT = 4_000;

  private final Vertx vertx;

  CommandRunner(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * Completes with the end of what the command said when it ended with 0; fails with {@link
   * StepFailed} on another exit code, with {@link dev.pgmedic.command.CommandNotStarted} when it
   * cannot be started, and with {@link dev.pgmedic.deadline.DeadlinePassed} after {@code limit},
   * when it and its children were killed.
   */
  Future<String> run(List<String> command, Duration limit) {
    return new CapturedCommand(command, Path.of("").toAbsolutePath(), Map.of(), OUTPUT_LIMIT)
        .run(vertx, limit)
        .compose(ended -> judged(command, ended));
  }

  private static Future<String> judged(List<String> command, CapturedCommand.Ended ended) {
    String told = String.join(" ", command) + " ended with " + ended.exit();
    String full = ended.said().isEmpty() ? told : told + ": " + ended.said();
    return ended.exit() == 0
        ? Future.succeededFuture(full)
        : Future.failedFuture(new StepFailed(full));
  }
}
