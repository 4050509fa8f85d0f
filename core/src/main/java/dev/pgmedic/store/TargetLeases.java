package dev.pgmedic.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.UUID;

/** Which node checks which target: a lease that the checking node renews. */
public final class TargetLeases {

  private static final String TAKE =
      """
      UPDATE target SET lease_owner = $2, lease_until = now() + $3::int8 * interval '1 millisecond'
      WHERE name = $1 AND (lease_owner = $2 OR lease_until IS NULL OR lease_until < now())
      RETURNING known_good_revision
      """;

  private static final String GIVE_BACK =
      "UPDATE target SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = $1";

  private final Store store;

  /** The leases in this store. */
  public TargetLeases(Store store) {
    this.store = store;
  }

  /**
   * Takes or renews a lease. Completes with the target's revision, which moves whenever somebody
   * changes its known-good or another one than its monitor took in a look at it, or with nothing
   * when the lease is another node's; fails as the store fails.
   */
  public Future<OptionalLong> take(String target, UUID node, Duration lease) {
    return store
        .reader()
        .preparedQuery(TAKE)
        .execute(Tuple.of(target, node, lease.toMillis()))
        .map(rows ->
            rows.size() == 0
                ? OptionalLong.empty()
                : OptionalLong.of(rows.iterator().next().getLong("known_good_revision")));
  }

  /** Gives all leases of a node back. Fails as the store fails. */
  public Future<Void> giveBack(UUID node) {
    return store.reader().preparedQuery(GIVE_BACK).execute(Tuple.of(node)).mapEmpty();
  }
}
