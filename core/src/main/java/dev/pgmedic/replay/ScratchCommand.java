package dev.pgmedic.replay;

import dev.pgmedic.command.CapturedCommand;
import dev.pgmedic.command.CommandNotStarted;
import dev.pgmedic.postgres.ForeignText;
import dev.pgmedic.target.Migrations;
import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Runs a tool's command in its project's folder with an environment in which the target is not:
 * neither its URL, nor one of libpq's variables, nor a file of passwords or services.
 */
final class ScratchCommand {

  private static final int LONGEST = 300;

  private final Vertx vertx;
  private final Migrations migrations;
  private final Path folder;
  private final PostgresUrl url;
  private final Duration limit;

  ScratchCommand(Vertx vertx, Migrations migrations, Path folder, PostgresUrl url, Duration limit) {
    this.vertx = vertx;
    this.migrations = migrations;
    this.folder = folder;
    this.url = url;
    this.limit = limit;
  }

  /** Completes when it has ended, with whatever code; it is killed at its limit, and then fails. */
  Future<CapturedCommand.Ended> run(List<String> command) {
    return new CapturedCommand(command, folder, environment(), LONGEST)
        .run(vertx, limit)
        .map(ended ->
            new CapturedCommand.Ended(
                ended.exit(), ForeignText.visible(migrations.masked(ended.said()), LONGEST)))
        .recover(error ->
            Future.failedFuture(
                error instanceof CommandNotStarted
                    ? new ReplayFailed(String.valueOf(error.getMessage()))
                    : error));
  }

  private Map<String, String> environment() {
    Map<String, String> environment = migrations.environment(url, "pgmedic-replay");
    environment.put("PGPASSFILE", "/dev/null");
    environment.put("PGSERVICEFILE", "/dev/null");
    return environment;
  }
}
