package dev.pgmedic.lock;

import dev.pgmedic.json.DurationText;
import dev.pgmedic.postgres.BackendSession;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.postgres.Unreachable;
import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.DatabaseException;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

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

  /**
   * After this long without an answer a holder whose work runs elsewhere ends it: well before
   * anybody may take it for dead.
   */
  public static final Duration SILENCE = Duration.ofSeconds(10);

  private static final String FIT =
      """
      SELECT pg_catalog.pg_is_in_recovery() AS standby,
             pg_catalog.has_function_privilege('pg_catalog.pg_advisory_unlock(int8)', 'EXECUTE')
               AS may_unlock
      """;

  private static final String FORBIDDEN = "42501"; // insufficient_privilege
  private static final String WAITING = "pgmedic-wait/";
  private static final Duration FIRST_POLL = Duration.ofMillis(20);
  private static final Duration SLOWEST_POLL = Duration.ofMillis(250);

  // A holder gives the lock back and then closes its session.
  private static final Duration HANDED_OVER = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final Session.Settings settings;
  private final Run run;
  private final WaitNotices notices;

  private MigrationLock(Vertx vertx, Session.Settings settings, Run run, WaitNotices notices) {
    this.vertx = vertx;
    this.settings = settings;
    this.run = run;
    this.notices = notices;
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

    /**
     * Reads {@code <run>/<fence>}.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static Run parse(String text) {
      String[] parts = text.split("/", -1);
      if (parts.length != 2) {
        throw new IllegalArgumentException("expected <run>/<fence>, found \"" + text + "\"");
      }
      return new Run(parts[0], Long.parseLong(parts[1]));
    }

    /** {@code <run>/<fence>}. */
    public String text() {
      return id + "/" + fence;
    }

    /** {@code pgmedic/<run>/<fence>}. */
    public String applicationName() {
      return "pgmedic/" + text();
    }
  }

  /** The lock for one run, whose statements on it may last as long as {@code statement}. */
  public static MigrationLock of(Vertx vertx, Run run, Duration connect, Duration statement) {
    return new MigrationLock(
        vertx,
        new Session.Settings(WAITING + run.id(), connect, statement, Duration.ofMillis(500), false),
        run,
        WaitNotices.NONE);
  }

  /** The same lock, which tells whom it waits for. */
  public MigrationLock telling(WaitNotices other) {
    return new MigrationLock(vertx, settings, run, other);
  }

  /**
   * Takes the lock.
   *
   * <p>Completes with the held lock once no session of an earlier run is left in the database:
   * those whose heart stopped are ended, those that work are waited for. Fails with {@link
   * LockNotAvailable}, which says who holds it, after {@code wait}; with {@link Unreachable} when
   * the server is not to be had, or is lost while we wait; with {@link WrongServer} when a proxy or
   * a standby answers, or the role may not lock.
   *
   * @param wait zero means that it is tried once
   * @param opened hears of the session before its first statement; a failure of it ends the attempt
   */
  public Future<HeldLock> acquire(
      PostgresUrl url, Duration wait, Function<BackendSession, Future<Void>> opened) {
    long end = System.nanoTime() + wait.toNanos();
    return Session.open(vertx, url, settings)
        .recover(WrongServer::orAsItIs)
        .compose(session ->
            answered(url, direct(session.connection()))
                .compose(backend ->
                    opened
                        .apply(backend)
                        .compose(known -> answered(url, alone(session.connection(), end)))
                        .map(watches -> new HeldLock.Owner(backend, watches)))
                .map(owner -> HeldLock.beating(vertx, session, run, owner))
                .recover(error -> closed(session, error)));
  }

  // A server that is lost while we wait for the lock is one that is not to be had. The driver has
  // three ways to say so, depending on what it notices first.
  private static <T> Future<T> answered(PostgresUrl url, Future<T> asked) {
    return asked.recover(error ->
        Future.failedFuture(
            switch (error) {
              case DatabaseException refused -> Unreachable.querying(url, refused);
              case VertxException ended -> Unreachable.querying(url, ended);
              case IOException cut -> Unreachable.querying(url, cut);
              default -> error;
            }));
  }

  private static Future<BackendSession> direct(PgConnection session) {
    return BackendSession.of(session).compose(backend -> refuseProxy(session, backend));
  }

  /** Completes with whether the server watches its clients, once the lock is ours alone. */
  private Future<Boolean> alone(PgConnection session, long end) {
    return refuseUnfit(session)
        .compose(fit -> Hardening.apply(session))
        .compose(watches ->
            poll(session, end, FIRST_POLL, notices.begin())
                .compose(held -> named(session))
                .compose(named -> EarlierRuns.gone(vertx, session, end, notices.begin(HANDED_OVER)))
                .map(watches));
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
        : Future.failedFuture(WrongServer.proxy());
  }

  // Who may take the lock and not give it back would find that out when the work is done.
  private static Future<Void> refuseUnfit(PgConnection session) {
    return session
        .query(FIT)
        .execute()
        .map(rows -> rows.iterator().next())
        .compose(server -> {
          if (server.getBoolean("standby")) {
            return Future.failedFuture(WrongServer.standby());
          }
          return server.getBoolean("may_unlock")
              ? Future.succeededFuture()
              : Future.failedFuture(
                  WrongServer.forbidden("permission denied for function pg_advisory_unlock"));
        });
  }

  private Future<Void> poll(PgConnection session, long end, Duration pause, WaitNotices.Wait wait) {
    return session
        .query("SELECT pg_catalog.pg_try_advisory_lock(" + KEY + ") AS held")
        .execute()
        .recover(MigrationLock::refusedByRights)
        .compose(rows -> {
          if (rows.iterator().next().getBoolean("held")) {
            return Future.succeededFuture();
          }
          return System.nanoTime() >= end
              ? refusal(session)
              : told(session, end, wait)
                  .compose(told -> later(pause))
                  .compose(waited -> poll(session, end, slower(pause), wait));
        });
  }

  private static <T> Future<T> refusedByRights(Throwable error) {
    return error instanceof PgException refused && FORBIDDEN.equals(refused.getSqlState())
        ? Future.failedFuture(WrongServer.forbidden(refused.getErrorMessage()))
        : Future.failedFuture(error);
  }

  // A look that fails keeps nobody from the lock, and the next try tells of a lost server.
  private static Future<Void> told(PgConnection session, long end, WaitNotices.Wait wait) {
    if (!wait.isDue()) {
      return Future.succeededFuture();
    }
    return holder(session)
        .onSuccess(holder ->
            holder.ifPresent(lock ->
                wait.tell(
                    "waiting for the migration lock ("
                        + left(end)
                        + "), which is held by "
                        + LockExplanation.brief(lock, LONGEST_PAUSE))))
        .transform(seen -> Future.succeededFuture());
  }

  /** How much of a wait is left, in words. */
  static String left(long end) {
    Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    return DurationText.words(left) + " left";
  }

  private static Future<Void> refusal(PgConnection session) {
    return holder(session)
        .compose(holder -> Future.failedFuture(LockNotAvailable.heldBy(holder, LONGEST_PAUSE)));
  }

  private static Future<Optional<AdvisoryLock>> holder(PgConnection session) {
    return AdvisoryLocks.read(session, List.of())
        .map(locks -> locks.stream().filter(AdvisoryLock::ours).findFirst());
  }

  private Future<Void> later(Duration pause) {
    long jittered = ThreadLocalRandom.current().nextLong(pause.toMillis() / 2, pause.toMillis());
    return vertx.timer(Math.max(1, jittered)).mapEmpty();
  }

  private static Duration slower(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(SLOWEST_POLL) > 0 ? SLOWEST_POLL : doubled;
  }
}
