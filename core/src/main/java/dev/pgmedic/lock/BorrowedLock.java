package dev.pgmedic.lock;

import dev.pgmedic.postgres.BackendSession;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.postgres.Unreachable;
import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/**
 * The migration lock that the process which started us holds, and says so in {@link Hold#VARIABLE}:
 * believed only as long as the server shows that session with our key.
 */
public final class BorrowedLock implements Hold {

  // backend_start is NULL where the role may not see it; the name is to be seen by everybody.
  private static final String HELD =
      """
      SELECT 1 FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
      WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND a.pid = $1
        AND (l.classid::int8 << 32) | l.objid::int8 = %s
        AND l.database = (SELECT oid FROM pg_catalog.pg_database
                          WHERE datname = pg_catalog.current_database())
        AND a.application_name = $3 AND (a.backend_start = $2 OR a.backend_start IS NULL)
      """
          .formatted(MigrationLock.KEY);

  private final Vertx vertx;
  private final Session session;
  private final Claimed claimed;
  private final boolean noticesDeadClients;
  private final Promise<String> loss = Promise.promise(); // adapter: periodic look
  private volatile boolean looking;
  private volatile long asked;
  private long watch;

  private BorrowedLock(Vertx vertx, Session session, Claimed claimed, boolean noticesDeadClients) {
    this.vertx = vertx;
    this.session = session;
    this.claimed = claimed;
    this.noticesDeadClients = noticesDeadClients;
  }

  /**
   * What {@link Hold#VARIABLE} claims.
   *
   * @param holder the session that is said to hold the lock
   * @param run whose lock it is said to be
   */
  public record Claimed(BackendSession holder, MigrationLock.Run run) {

    /**
     * Reads {@code <pid>,<backend_start>,<run>}.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static Claimed parse(String text) {
      String[] parts = text.split(",", -1);
      try {
        if (parts.length == 3) {
          return new Claimed(
              new BackendSession(Integer.parseInt(parts[0]), Instant.parse(parts[1])),
              MigrationLock.Run.parse(parts[2]));
        }
      } catch (NumberFormatException | DateTimeParseException e) {
        // said below
      }
      throw new IllegalArgumentException(
          VARIABLE + ": expected <pid>,<backend_start>,<run>, found \"" + text + "\"");
    }
  }

  /**
   * Looks whether the claim is true.
   *
   * <p>Completes with the lock when that session holds it now; empty when it does not, for instance
   * because the variable was left over; fails with {@link Unreachable}, and with {@link
   * WrongServer} when a pooler refuses us.
   */
  public static Future<Optional<BorrowedLock>> verify(
      Vertx vertx, PostgresUrl url, Claimed claimed, Duration connect) {
    Session.Settings settings =
        new Session.Settings(
            "pgmedic-guard/" + claimed.run().id(), connect, connect, connect, true);
    return Session.open(vertx, url, settings)
        .recover(WrongServer::orAsItIs)
        .compose(session ->
            held(session.connection(), claimed)
                .recover(error ->
                    session
                        .close()
                        .transform(closed -> Future.failedFuture(Unreachable.querying(url, error))))
                .compose(held -> {
                  if (!held) {
                    return session.close().map(Optional.<BorrowedLock>empty());
                  }
                  return Hardening.apply(session.connection())
                      .map(notices ->
                          Optional.of(
                              new BorrowedLock(vertx, session, claimed, notices).watching()));
                }));
  }

  private static Future<Boolean> held(PgConnection session, Claimed claimed) {
    return session
        .preparedQuery(HELD)
        .execute(
            Tuple.of(
                claimed.holder().pid(),
                claimed.holder().backendStart().atOffset(ZoneOffset.UTC),
                claimed.run().applicationName()))
        .map(rows -> rows.size() > 0);
  }

  private BorrowedLock watching() {
    session().closeHandler(closed -> loss.tryComplete("our session was ended"));
    watch = vertx.setPeriodic(MigrationLock.BEAT.toMillis() / 2, tick -> look());
    return this;
  }

  private void look() {
    long now = System.nanoTime();
    if (looking) {
      if (now - asked > MigrationLock.SILENCE.toNanos()) {
        loss.tryComplete(
            "the server has not answered for " + MigrationLock.SILENCE.toSeconds() + " s");
      }
      return;
    }
    looking = true;
    asked = now;
    held(session(), claimed)
        .onSuccess(held -> {
          if (!held) {
            loss.tryComplete(
                "session "
                    + claimed.holder().pid()
                    + ", under whose lock we ran, holds it no more");
          }
        })
        .onComplete(done -> looking = false);
  }

  @Override
  public PgConnection session() {
    return session.connection();
  }

  @Override
  public MigrationLock.Run run() {
    return claimed.run();
  }

  @Override
  public Future<String> loss() {
    return loss.future();
  }

  @Override
  public boolean noticesDeadClients() {
    return noticesDeadClients;
  }

  @Override
  public Map<String, String> environment() {
    return Map.of("PGAPPNAME", claimed.run().applicationName());
  }

  /** Closes our session; the lock is its owner's. Never fails. */
  @Override
  public Future<Void> release() {
    return abandon();
  }

  @Override
  public Future<Void> abandon() {
    vertx.cancelTimer(watch);
    return session.close();
  }
}
