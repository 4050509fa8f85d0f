package dev.pgmedic.command;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Optional;

/** Starts processes on a worker thread, since starting one blocks until it is there. */
final class Processes {

  private Processes() {}

  /**
   * Completes with the process once it runs; fails with {@link CommandNotStarted} when the system
   * cannot start it.
   */
  static Future<Process> start(Vertx vertx, ProcessBuilder builder) {
    return vertx.executeBlocking(
        () -> {
          try {
            return builder.start();
          } catch (IOException e) {
            throw new CommandNotStarted(
                builder.command().get(0), String.valueOf(e.getMessage()), Optional.of(e));
          }
        },
        false);
  }

  /** Completes with the exit code when the process has ended; 128 and n for signal n. */
  static Future<Integer> exit(Vertx vertx, Process process) {
    return Future.fromCompletionStage(process.onExit(), vertx.getOrCreateContext())
        .map(Process::exitValue);
  }
}
