package dev.pgmedic.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.UUID;

/** Which node does a chore that one does for all. */
final class Leases {

  private static final String TAKE =
      """
      INSERT INTO lease AS l (name, owner, until)
      VALUES ($1, $2, now() + $3::int8 * interval '1 millisecond')
      ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
      WHERE l.owner = excluded.owner OR l.until < now()
      """;

  private final Store store;

  Leases(Store store) {
    this.store = store;
  }

  /**
   * Takes or renews a lease. Completes with whether it is this owner's now; fails as the store
   * fails.
   */
  Future<Boolean> take(String name, UUID owner, Duration lease) {
    return store
        .reader()
        .preparedQuery(TAKE)
        .execute(Tuple.of(name, owner, lease.toMillis()))
        .map(taken -> taken.rowCount() == 1);
  }
}
