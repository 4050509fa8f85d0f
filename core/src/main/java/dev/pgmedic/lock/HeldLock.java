package dev.pgmedic.lock;

import dev.pgmedic.postgres.Session;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The migration lock while we hold it, and the session that the work runs on. Its heart beats once
 * a second in between the statements of the work; it ends when the session ends, whoever ended it.
 */
public final class HeldLock {

  private final Vertx vertx;
  private final Session session;
  private final MigrationLock.Run run;
  private final AtomicBoolean beating = new AtomicBoolean();
  private final AtomicBoolean lost = new AtomicBoolean();
  private long heart;

  private HeldLock(Vertx vertx, Session session, MigrationLock.Run run) {
    this.vertx = vertx;
    this.session = session;
    this.run = run;
  }

  static HeldLock beating(Vertx vertx, Session session, MigrationLock.Run run) {
    HeldLock lock = new HeldLock(vertx, session, run);
    session.connection().closeHandler(closed -> lock.lost.set(true));
    lock.heart = vertx.setPeriodic(MigrationLock.BEAT.toMillis(), tick -> lock.beat());
    return lock;
  }

  private void beat() {
    if (!lost.get() && beating.compareAndSet(false, true)) {
      session.connection().query("SELECT 1").execute().onComplete(done -> beating.set(false));
    }
  }

  /** The session that holds the lock. Work runs here, one statement after the other. */
  public PgConnection session() {
    return session.connection();
  }

  /** Whose lock it is. */
  public MigrationLock.Run run() {
    return run;
  }

  /** Whether the session has ended, and the lock with it. */
  public boolean lost() {
    return lost.get();
  }

  /**
   * Gives the lock back and closes the session.
   *
   * <p>Completes when both happened; fails with {@link IllegalStateException} when the server says
   * that the lock was not held any more, which means that something else may have run beside the
   * work; the session is closed then too.
   */
  public Future<Void> release() {
    vertx.cancelTimer(heart);
    return session
        .connection()
        .query("SELECT pg_catalog.pg_advisory_unlock(" + MigrationLock.KEY + ") AS released")
        .execute()
        .compose(rows ->
            rows.iterator().next().getBoolean("released")
                ? Future.<Void>succeededFuture()
                : Future.failedFuture(
                    new IllegalStateException("the migration lock was lost before its end")))
        .eventually(session::close);
  }

  /**
   * Closes the session at once, whatever runs on it; the server then gives the lock back. Never
   * fails.
   */
  public Future<Void> abandon() {
    vertx.cancelTimer(heart);
    return session.close();
  }
}
