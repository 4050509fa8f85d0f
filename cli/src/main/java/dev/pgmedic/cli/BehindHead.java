package dev.pgmedic.cli;

import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.Observation;
import dev.pgmedic.config.ConfigException;
import dev.pgmedic.guard.Need;
import dev.pgmedic.history.HistoryState;
import dev.pgmedic.history.tool.MigrationTools;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** Whether a database lacks a migration that lies on disk. */
final class BehindHead implements Need {

  private static final String PLACE = "--if-behind";

  private final DatabaseCheck check;
  private final Target target;

  /** Rejects a target whose migration files nobody named, or are not there. */
  BehindHead(Vertx vertx, Target target) {
    Path directory =
        target
            .migrations()
            .directory()
            .orElseThrow(() ->
                new ConfigException(
                    PLACE, "expected --path FOLDER, or migrations.directory in the file"));
    try {
      MigrationTools.requireProject(directory, target.migrations().tool());
    } catch (IOException e) {
      throw new ConfigException(PLACE, String.valueOf(e.getMessage()));
    }
    this.check = new DatabaseCheck(vertx, Clock.systemUTC(), MigrationLock.LONGEST_PAUSE);
    this.target = target;
  }

  @Override
  public Future<Optional<String>> atHead() {
    return check
        .observeDirectly(target)
        .map(Observation::history)
        .compose(history ->
            unreadable(history).isPresent()
                ? Future.failedFuture(new ConfigException(PLACE, unreadable(history).get()))
                : Future.succeededFuture(history.atHead() ? history.version() : Optional.empty()));
  }

  // A history that is locked belongs to a migration at work, and an unknown or empty one to a
  // database that was never migrated: both are behind.
  private static Optional<String> unreadable(HistoryState history) {
    return history.unreadable().or(history::unreadableFiles);
  }
}
