package dev.pgmedic.postgres;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What holds for one transaction alone: through a pooler nothing else that is set outlives it, and
 * the pooler's other clients must not meet it.
 */
public final class LocalSettings {

  private LocalSettings() {}

  /**
   * Reads the catalog in a transaction of its own. Completes as the work does; fails as it or the
   * connection fails.
   *
   * @param lock the longest that a statement waits for a lock
   * @param statement the longest that a statement runs
   * @param work begins no transaction itself
   */
  public static <T> Future<T> reading(
      PgConnection session, Duration lock, Duration statement, Supplier<Future<T>> work) {
    String settings =
        "SET LOCAL search_path = pg_catalog; SET LOCAL jit = off; SET TRANSACTION READ ONLY;"
            + " SET LOCAL lock_timeout = %d; SET LOCAL statement_timeout = %d"
                .formatted(lock.toMillis(), statement.toMillis());
    return session
        .begin()
        .compose(tx ->
            session.query(settings).execute().compose(set -> work.get()).eventually(tx::rollback));
  }
}
