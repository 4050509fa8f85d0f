package dev.pgmedic.lock;

import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.postgres.BackendSession;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * pgmedic's migration lock on one target: a session-level advisory lock on a direct connection in
 * autocommit, polled and never waited for inside the server, whose holder has a name and a heart.
 * The work runs on the session that holds it, so that the lock cannot end before the statement
 * does.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS">Advisory
 *     locks</a>
 */
public final class MigrationLock {

  /** The key of the current database, in SQL. */
  public static final String KEY =
      "('x' || pg_catalog.substr(pg_catalog.md5('pgmedic:' || pg_catalog.current_database()), 1,"
          + " 16))::bit(64)::int8";

  /** How often the holder shows that it lives. */
  public static final Duration BEAT = Duration.ofSeconds(1);

  /** The longest that a living holder is ever silent. */
  public static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  private static final String WAITING = "pgmedic-wait/";
  private static final Duration FIRST_POLL = Duration.ofMillis(20);
  private static final Duration SLOWEST_POLL = Duration.ofMillis(250);

  private static final String EARLIER_RUNS =
      """
      SELECT pid, backend_start, application_name FROM pg_catalog.pg_stat_activity
      WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid()
        AND application_name ~ '^pgmedic/[^/]+/[0-9]+$'
        AND application_name <> pg_catalog.current_setting('application_name')
      """;

  private final Vertx vertx;
  private final Session.Settings settings;
  private final Run run;

  private MigrationLock(Vertx vertx, Session.Settings settings, Run run) {
    this.vertx = vertx;
    this.settings = settings;
    this.run = run;
  }

  /**
   * Whose lock it is: shown to everybody as {@code application_name}.
   *
   * @param id the run: letters, digits and dashes, at most 45
   * @param fence grows with every take-over of the same work
   */
  public record Run(String id, long fence) {

    /** Rejects what {@code application_name} could not carry. */
    public Run {
      if (!id.matches("[A-Za-z0-9-]{1,45}") || fence < 0) {
        throw new IllegalArgumentException("a run is 1 to 45 letters, digits or dashes");
      }
    }

    /** {@code pgmedic/<run>/<fence>}. */
    public String applicationName() {
      return "pgmedic/" + id + "/" + fence;
    }
  }

  /** The lock for one run, whose statements on it may last as long as {@code statement}. */
  public static MigrationLock of(Vertx vertx, Run run, Duration connect, Duration statement) {
    return new MigrationLock(
        vertx,
        new Session.Settings(WAITING + run.id(), connect, statement, Duration.ofMillis(500), false),
        run);
  }

  /**
   * Takes the lock.
   *
   * <p>Completes with the held lock once no session of an earlier run is left in the database:
   * those whose heart stopped are ended, those that work are waited for. Fails with {@link
   * LockNotAvailable}, which says who holds it, after {@code wait}; with {@link
   * dev.pgmedic.postgres.Unreachable} when the server is not to be had; with {@link ProxyInBetween}
   * when the server's process is not the one that answered the login.
   *
   * @param opened hears of the session before its first statement; a failure of it ends the attempt
   */
  public Future<HeldLock> acquire(
      PostgresUrl url, Duration wait, Function<BackendSession, Future<Void>> opened) {
    long end = System.nanoTime() + wait.toNanos();
    return Session.open(vertx, url, settings)
        .compose(session ->
            acquire(session.connection(), end, opened)
                .map(held -> HeldLock.beating(vertx, session, run))
                .recover(error -> closed(session, error)));
  }

  private Future<Void> acquire(
      PgConnection session, long end, Function<BackendSession, Future<Void>> opened) {
    return BackendSession.of(session)
        .compose(backend -> refuseProxy(session, backend))
        .compose(opened)
        .compose(known -> hardened(session))
        .compose(ready -> poll(session, end, FIRST_POLL))
        .compose(held -> named(session))
        .compose(named -> withoutEarlierRuns(session, end));
  }

  // Only a holder has the name of a run: whoever merely waits is not taken for a session of an
  // earlier run.
  private Future<?> named(PgConnection session) {
    return session
        .preparedQuery("SELECT pg_catalog.set_config('application_name', $1, false)")
        .execute(Tuple.of(run.applicationName()));
  }

  private static <T> Future<T> closed(Session session, Throwable error) {
    return session.close().transform(done -> Future.failedFuture(error));
  }

  private static Future<BackendSession> refuseProxy(PgConnection session, BackendSession backend) {
    return session.processId() == backend.pid()
        ? Future.succeededFuture(backend)
        : Future.failedFuture(new ProxyInBetween());
  }

  // A statement of ours must not outlive us in the server: it would go on without its lock's owner.
  private static Future<?> hardened(PgConnection session) {
    return session
        .query(
            "SELECT pg_catalog.set_config(name, '1s', false) FROM pg_catalog.pg_settings"
                + " WHERE name = 'client_connection_check_interval'")
        .execute()
        .recover(unsupportedHere -> Future.succeededFuture());
  }

  private Future<Void> poll(PgConnection session, long end, Duration pause) {
    return session
        .query("SELECT pg_catalog.pg_try_advisory_lock(" + KEY + ") AS held")
        .execute()
        .compose(rows -> {
          if (rows.iterator().next().getBoolean("held")) {
            return Future.succeededFuture();
          }
          return System.nanoTime() >= end
              ? refusal(session)
              : later(pause).compose(waited -> poll(session, end, slower(pause)));
        });
  }

  private static Future<Void> refusal(PgConnection session) {
    return AdvisoryLocks.read(session, List.of())
        .compose(locks ->
            Future.failedFuture(
                new LockNotAvailable(
                    locks.stream().filter(AdvisoryLock::ours).findFirst(), LONGEST_PAUSE)));
  }

  private Future<Void> later(Duration pause) {
    long jittered = ThreadLocalRandom.current().nextLong(pause.toMillis() / 2, pause.toMillis());
    return vertx.timer(Math.max(1, jittered)).mapEmpty();
  }

  private static Duration slower(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(SLOWEST_POLL) > 0 ? SLOWEST_POLL : doubled;
  }

  // We hold the lock, so a run that had it before us is over; a statement of it may still be going
  // on in the server.
  private Future<Void> withoutEarlierRuns(PgConnection session, long end) {
    return session
        .query(EARLIER_RUNS)
        .execute()
        .compose(rows -> {
          Iterator<Row> earlier = rows.iterator();
          if (!earlier.hasNext()) {
            return Future.succeededFuture();
          }
          if (System.nanoTime() >= end) {
            return Future.failedFuture(
                new LockNotAvailable(java.util.Optional.empty(), LONGEST_PAUSE));
          }
          return endDead(session, rows)
              .compose(ended -> later(SLOWEST_POLL))
              .compose(waited -> withoutEarlierRuns(session, end));
        });
  }

  private static Future<?> endDead(PgConnection session, Iterable<Row> rows) {
    List<Future<Boolean>> ending =
        StreamSupport.stream(rows.spliterator(), false)
            .map(row ->
                new BackendSession(
                    row.getInteger("pid"), row.getOffsetDateTime("backend_start").toInstant()))
            .map(backend -> backend.endIfSilent(session, LONGEST_PAUSE))
            .toList();
    return Deadline.within(Duration.ofSeconds(30), "ending earlier runs", Future.join(ending));
  }
}
