package dev.pgmedic.guard;

import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * The sessions of a run's command in the server, known by the name that {@code PGAPPNAME} gave
 * them. A client that ignores it (JDBC, for one) is not seen here.
 */
public final class RunSessions {

  private static final Duration LIMIT = Duration.ofSeconds(8);

  // Whoever holds the lock has the run's name too, and is none of the command's.
  private static final String END =
      """
      SELECT pg_catalog.count(*) FILTER (WHERE pg_catalog.pg_terminate_backend(pid, 5000)) AS ended
      FROM pg_catalog.pg_stat_activity
      WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid()
        AND application_name = $1 AND pid NOT IN (
          SELECT l.pid FROM pg_catalog.pg_locks l
          WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
            AND (l.classid::int8 << 32) | l.objid::int8 = %s)
      """
          .formatted(MigrationLock.KEY);

  private static final String WAITING =
      """
      SELECT w.pid, w.wait_event_type || ':' || w.wait_event AS event,
             (extract(epoch FROM pg_catalog.clock_timestamp() - w.state_change))::int8 AS seconds,
             b.pid AS blocker, pg_catalog.left(b.application_name, 64) AS blocker_name,
             b.state AS blocker_state,
             (extract(epoch FROM pg_catalog.clock_timestamp() - b.state_change))::int8
               AS blocker_seconds
      FROM pg_catalog.pg_stat_activity w
      LEFT JOIN LATERAL pg_catalog.unnest(pg_catalog.pg_blocking_pids(w.pid)) AS blocking(pid)
        ON true
      LEFT JOIN pg_catalog.pg_stat_activity b ON b.pid = blocking.pid
      WHERE w.datname = pg_catalog.current_database() AND w.application_name = $1
        AND w.pid <> pg_catalog.pg_backend_pid() AND w.wait_event_type = 'Lock'
      ORDER BY w.pid, b.pid LIMIT 10
      """;

  private RunSessions() {}

  /**
   * Ends them and waits, at most 5 s for each, until they are gone. Completes with how many; fails
   * as the query fails, for instance without the right.
   *
   * @param session its own process is left alone
   */
  static Future<Long> end(SqlClient session, MigrationLock.Run run) {
    return session
        .preparedQuery(END)
        .execute(Tuple.of(run.applicationName()))
        .map(rows -> rows.iterator().next().getLong("ended"));
  }

  /**
   * As {@link #end(SqlClient, MigrationLock.Run)}, on a session of its own, for when the lock's
   * session is gone. Fails with {@link dev.pgmedic.postgres.Unreachable} too, and as {@code over}
   * does.
   *
   * @param over when no process of the run is left that could open another
   */
  public static Future<Long> end(
      Vertx vertx, PostgresUrl url, MigrationLock.Run run, Future<Void> over) {
    Session.Settings settings =
        new Session.Settings("pgmedic-end/" + run.id(), LIMIT, LIMIT, LIMIT, false);
    return Session.open(vertx, url, settings)
        .compose(session ->
            over.compose(ended -> end(session.connection(), run)).eventually(session::close));
  }

  /** A line for each that waits for a lock, and who blocks it. Fails as the query fails. */
  static Future<List<String>> waiting(SqlClient session, MigrationLock.Run run) {
    return session
        .preparedQuery(WAITING)
        .execute(Tuple.of(run.applicationName()))
        .map(rows -> {
          List<String> lines = new ArrayList<>();
          StreamSupport.stream(rows.spliterator(), false)
              .forEach(row -> {
                String blocker =
                    Optional.ofNullable(row.getInteger("blocker"))
                        .map(pid ->
                            "; blocked by session "
                                + pid
                                + " (\""
                                + row.getString("blocker_name")
                                + "\""
                                + Optional.ofNullable(row.getString("blocker_state"))
                                    .map(state ->
                                        ", "
                                            + state
                                            + " for "
                                            + row.getLong("blocker_seconds")
                                            + " s")
                                    .orElse("")
                                + ")")
                        .orElse("");
                lines.add(
                    "session "
                        + row.getInteger("pid")
                        + " has waited for "
                        + row.getString("event")
                        + Optional.ofNullable(row.getLong("seconds"))
                            .map(seconds -> " for " + seconds + " s")
                            .orElse("")
                        + blocker);
              });
          return lines;
        });
  }
}
