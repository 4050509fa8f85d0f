package dev.pgmedic.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Arrays;
import java.util.List;

/** How long approved tasks waited for a worker. */
public final class ApproveToStart {

  /** The upper bounds of the buckets, in seconds; the last one has none. */
  public static final List<Double> BOUNDS =
      List.of(0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0);

  private static final String READ =
      """
      SELECT width_bucket(waited, $1::float8[]) AS bucket, count(*) AS tasks, sum(waited) AS seconds
      FROM (
        SELECT greatest(0, extract(epoch FROM t.started_at - a.at))::float8 AS waited
        FROM recovery_task t
        JOIN LATERAL (SELECT max(at) AS at FROM approval
                      WHERE task = t.id AND decision = 'approve') a ON a.at IS NOT NULL
        WHERE t.started_at IS NOT NULL) waits
      GROUP BY bucket
      """;

  private ApproveToStart() {}

  /**
   * All waits so far.
   *
   * @param tasks how many fell into each bucket
   * @param seconds all waits together
   */
  public record Waits(List<Long> tasks, double seconds) {

    /** Copies the buckets. */
    public Waits {
      tasks = List.copyOf(tasks);
    }
  }

  /** Reads them; fails as the store fails. */
  public static Future<Waits> read(Store store) {
    return store
        .reader()
        .preparedQuery(READ)
        .execute(Tuple.of(BOUNDS.toArray(Double[]::new)))
        .map(rows -> {
          Long[] tasks = new Long[BOUNDS.size() + 1];
          Arrays.fill(tasks, 0L);
          double seconds = 0;
          for (Row row : rows) {
            tasks[row.getInteger("bucket")] = row.getLong("tasks");
            seconds += row.getDouble("seconds");
          }
          return new Waits(List.of(tasks), seconds);
        });
  }
}
