package dev.pgmedic.cli;

import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.Observation;
import dev.pgmedic.config.ConfigException;
import dev.pgmedic.guard.Need;
import dev.pgmedic.history.HistoryState;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Optional;

/** Whether a database lacks a migration that lies on disk. */
final class BehindHead implements Need {

  private final DatabaseCheck check;
  private final Target target;

  /** Rejects a target whose migration files nobody named. */
  BehindHead(Vertx vertx, Target target) {
    if (target.migrations().directory().isEmpty()) {
      throw new ConfigException(
          "--if-behind", "expected --path FOLDER, or migrations.directory in the file");
    }
    this.check = new DatabaseCheck(vertx, Clock.systemUTC(), MigrationLock.LONGEST_PAUSE);
    this.target = target;
  }

  @Override
  public Future<Optional<String>> atHead() {
    return check
        .observe(target)
        .map(Observation::history)
        .compose(history ->
            unreadable(history).isPresent()
                ? Future.failedFuture(new ConfigException("--if-behind", unreadable(history).get()))
                : Future.succeededFuture(history.atHead() ? history.version() : Optional.empty()));
  }

  // A history that is locked belongs to a migration at work, and an unknown or empty one to a
  // database that was never migrated: both are behind.
  private static Optional<String> unreadable(HistoryState history) {
    return history.unreadable().or(history::unreadableFiles);
  }
}
