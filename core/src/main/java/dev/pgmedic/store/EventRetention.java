package dev.pgmedic.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.UUID;

/**
 * Deletes events that were kept long enough, always the oldest, in small statements, on one node at
 * a time. A reader with a cursor from before those that are left is told that it is stale.
 */
public final class EventRetention {

  /** How long an event is kept. */
  public static final Duration KEPT = Duration.ofDays(30);

  /** Small enough that no writer waits for one statement. */
  private static final int BATCH = 1_000;

  private static final String LEASE = "event retention";
  private static final Duration LEASED = Duration.ofMinutes(1);

  // Up to the first that is to be kept, in the order of the log: it begins later, and has no hole.
  private static final String DELETE =
      """
      WITH oldest AS (
        SELECT sequence, at < now() - $1::int8 * interval '1 millisecond' AS overdue
        FROM event ORDER BY sequence LIMIT $2),
      kept AS (SELECT min(sequence) AS first FROM oldest WHERE NOT overdue)
      DELETE FROM event e USING oldest o, kept k
      WHERE e.sequence = o.sequence AND (k.first IS NULL OR o.sequence < k.first)
      """;

  private final Store store;
  private final UUID node;
  private final int batch;

  /** The retention of this store, on this node. */
  public EventRetention(Store store, UUID node) {
    this(store, node, BATCH);
  }

  EventRetention(Store store, UUID node, int batch) {
    this.store = store;
    this.node = node;
    this.batch = batch;
  }

  /**
   * Deletes all that is overdue. Completes with how many that were, 0 when another node does it;
   * fails as the store fails, and what is left is deleted the next time.
   */
  public Future<Integer> run() {
    return new Leases(store)
        .take(LEASE, node, LEASED)
        .compose(mine -> mine ? delete() : Future.succeededFuture(0));
  }

  private Future<Integer> delete() {
    return store
        .reader()
        .preparedQuery(DELETE)
        .execute(Tuple.of(KEPT.toMillis(), batch))
        .compose(deleted ->
            deleted.rowCount() < batch
                ? Future.succeededFuture(deleted.rowCount())
                : run().map(more -> deleted.rowCount() + more));
  }
}
