package dev.pgmedic.store;

import dev.pgmedic.lock.HeldLock;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.migration.SqlMigration;
import dev.pgmedic.migration.SqlMigrations;
import dev.pgmedic.postgres.SqlResource;
import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * Creates and upgrades the store's schema, under the migration lock: ten nodes may start at once.
 */
final class StoreSchema {

  /** The schema of all tables. */
  static final String NAME = "pgmedic";

  private static final List<String> FILES =
      List.of(
          "001_incidents.sql",
          "002_checks.sql",
          "003_known_good.sql",
          "004_replay.sql",
          "006_undo.sql",
          "007_policy.sql",
          "008_audit.sql",
          "009_events.sql",
          "010_tokens.sql",
          "011_idempotency.sql",
          "012_sessions.sql",
          "013_taken_back.sql",
          "014_audit_actions.sql");

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration WAIT = Duration.ofSeconds(60);
  private static final Duration STATEMENT = Duration.ofSeconds(60);

  private StoreSchema() {}

  /**
   * Brings the schema to this version.
   *
   * <p>Completes when it is; fails as {@link MigrationLock#acquire} and {@link SqlMigrations#apply}
   * do. Safe to call from any number of nodes at once.
   */
  static Future<Void> upgrade(Vertx vertx, PostgresUrl url) {
    List<SqlMigration> migrations =
        FILES.stream()
            .map(file ->
                SqlMigration.of(file, SqlResource.read(StoreSchema.class, file)).orElseThrow())
            .toList();
    MigrationLock.Run run = new MigrationLock.Run("store-" + UUID.randomUUID(), 0);
    return MigrationLock.of(vertx, run, CONNECT, STATEMENT)
        .acquire(url, WAIT, session -> Future.succeededFuture())
        .compose(lock ->
            new SqlMigrations(NAME, migrations)
                .apply(lock.session())
                .compose(applied -> lock.release(), error -> abandoned(lock, error)));
  }

  private static Future<Void> abandoned(HeldLock lock, Throwable error) {
    return lock.abandon().transform(done -> Future.failedFuture(error));
  }
}
