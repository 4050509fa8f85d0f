package dev.pgmedic.lock;

import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.json.DurationText;
import dev.pgmedic.postgres.BackendSession;
import dev.pgmedic.postgres.ForeignText;
import dev.pgmedic.postgres.StatementText;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * The sessions of runs that had the lock before: a statement of a client that was killed goes on in
 * the server while its lock is long given back. Whoever gets the lock starts no work beside them.
 *
 * <p>A run that has lost its lock and lives has noticed after {@link MigrationLock#SILENCE} and
 * ended its work; so what is still there when we have held the lock for {@link
 * MigrationLock#LONGEST_PAUSE} belongs to a dead run, and is ended.
 */
final class EarlierRuns {

  private static final Duration LOOK_EVERY = Duration.ofMillis(250);
  private static final Duration END_LIMIT = Duration.ofSeconds(30);
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private static final String SESSIONS =
      """
      SELECT pid, backend_start, application_name, state, pg_catalog.left(query, 20000) AS query,
             (1000 * extract(epoch FROM pg_catalog.clock_timestamp() - state_change))::int8
               AS millis
      FROM pg_catalog.pg_stat_activity
      WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid()
        AND application_name ~ '^pgmedic/[^/]+/[0-9]+$'
        AND application_name <> pg_catalog.current_setting('application_name')
      ORDER BY pid
      """;

  private final Vertx vertx;
  private final PgConnection session;
  private final long deadOnes;
  private final long end;
  private final WaitNotices.Wait wait;
  private Optional<String> refused = Optional.empty();

  private EarlierRuns(Vertx vertx, PgConnection session, long end, WaitNotices.Wait wait) {
    this.vertx = vertx;
    this.session = session;
    this.deadOnes = System.nanoTime() + MigrationLock.LONGEST_PAUSE.toNanos();
    this.end = end;
    this.wait = wait;
  }

  /**
   * Waits until none is left. Completes then; fails with {@link LockNotAvailable}, which names the
   * one that is left, at {@code end}; fails as the queries fail.
   *
   * @param session holds the lock, so that no new run starts meanwhile
   * @param end by {@link System#nanoTime()}
   * @param wait hears which one is waited for
   */
  static Future<Void> gone(Vertx vertx, PgConnection session, long end, WaitNotices.Wait wait) {
    return new EarlierRuns(vertx, session, end, wait).gone();
  }

  private record Earlier(Optional<BackendSession> session, String description) {

    static Earlier of(Row row) {
      // What the role may not see is NULL: then nobody knows which session it is, and it is waited
      // for.
      Optional<BackendSession> session =
          Optional.ofNullable(row.getOffsetDateTime("backend_start"))
              .map(start -> new BackendSession(row.getInteger("pid"), start.toInstant()));
      String doing =
          Optional.ofNullable(row.getString("state"))
              .map(state ->
                  state
                      + " for "
                      + DurationText.words(Duration.ofMillis(Math.max(0, row.getLong("millis"))))
                      + ", its statement: "
                      + StatementText.of(row.getString("query")))
              .orElse("state not to be seen");
      return new Earlier(
          session,
          "session "
              + row.getInteger("pid")
              + " of the earlier run "
              + ForeignText.quoted(row.getString("application_name"))
              + " is still there ("
              + doing
              + ")");
    }
  }

  private Future<Void> gone() {
    return session
        .query(SESSIONS)
        .execute()
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(Earlier::of).toList())
        .compose(left -> {
          if (left.isEmpty()) {
            return Future.succeededFuture();
          }
          if (System.nanoTime() >= end) {
            return Future.failedFuture(
                new LockNotAvailable(left.get(0).description() + refused.orElse("")));
          }
          if (wait.isDue()) {
            wait.tell(
                "the migration lock is ours, but before the work starts we wait ("
                    + MigrationLock.left(end)
                    + ") for what was left behind: "
                    + left.get(0).description());
          }
          return ending(left)
              .compose(ended -> vertx.timer(LOOK_EVERY.toMillis()))
              .compose(waited -> gone());
        });
  }

  private Future<?> ending(List<Earlier> left) {
    boolean allDead = System.nanoTime() >= deadOnes;
    List<Future<Boolean>> ending =
        left.stream()
            .flatMap(earlier -> earlier.session().stream())
            .map(earlier ->
                allDead
                    ? earlier.end(session)
                    : earlier.endIfSilent(session, MigrationLock.LONGEST_PAUSE))
            .toList();
    return Deadline.within(END_LIMIT, "ending earlier runs", Future.join(ending))
        .recover(this::withoutTheRight);
  }

  private Future<io.vertx.core.CompositeFuture> withoutTheRight(Throwable error) {
    if (error instanceof PgException denied
        && INSUFFICIENT_PRIVILEGE.equals(denied.getSqlState())) {
      refused =
          Optional.of(
              "; we may not end it: GRANT pg_signal_backend to this role, or the session's role");
      return Future.succeededFuture();
    }
    return Future.failedFuture(error);
  }
}
