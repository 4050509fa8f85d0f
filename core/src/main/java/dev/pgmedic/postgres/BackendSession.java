package dev.pgmedic.postgres;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * One session of a server, named for ever: a process number alone is used again.
 *
 * @param pid the server's process
 * @param backendStart when the session began, in microseconds
 */
public record BackendSession(int pid, Instant backendStart) {

  private static final String SELF =
      """
      SELECT pid, backend_start FROM pg_catalog.pg_stat_activity
      WHERE pid = pg_catalog.pg_backend_pid()
      """;

  private static final String END =
      """
      SELECT pg_catalog.pg_terminate_backend(pid, 5000) AS ended FROM pg_catalog.pg_stat_activity
      WHERE pid = $1 AND backend_start = $2
        AND ($3::int8 = 0 OR (state = 'idle' AND
             state_change < pg_catalog.clock_timestamp() - $3::int8 * interval '1 millisecond'))
      """;

  /** The session behind a connection. Fails as the query fails. */
  public static Future<BackendSession> of(PgConnection connection) {
    return connection
        .query(SELF)
        .execute()
        .map(rows -> rows.iterator().next())
        .map(row ->
            new BackendSession(
                row.getInteger("pid"), row.getOffsetDateTime("backend_start").toInstant()));
  }

  /**
   * Ends this session from another one and waits, at most 5 s, until it is gone. What it held is
   * given back by the server; what it had not committed is rolled back.
   *
   * <p>Completes with whether it was there and is gone; fails as the query fails, for instance
   * without the right.
   */
  public Future<Boolean> end(PgConnection from) {
    return end(from, Duration.ZERO);
  }

  /** As {@link #end}, but only when it is idle and was silent for longer than {@code pause}. */
  public Future<Boolean> endIfSilent(PgConnection from, Duration pause) {
    return end(from, pause);
  }

  private Future<Boolean> end(PgConnection from, Duration pause) {
    return from.preparedQuery(END)
        .execute(Tuple.of(pid, backendStart.atOffset(ZoneOffset.UTC), pause.toMillis()))
        .map(rows -> rows.size() == 1 && rows.iterator().next().getBoolean("ended"));
  }
}
