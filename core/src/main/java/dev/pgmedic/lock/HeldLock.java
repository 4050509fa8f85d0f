package dev.pgmedic.lock;

import dev.pgmedic.postgres.BackendSession;
import dev.pgmedic.postgres.Session;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The migration lock while we hold it, and the session that the work runs on. Its heart beats once
 * a second in between the statements of the work; it ends when the session ends, whoever ended it.
 */
public final class HeldLock implements Hold {

  private final Vertx vertx;
  private final Session session;
  private final MigrationLock.Run run;
  private final Owner owner;
  private final Promise<String> loss = Promise.promise(); // adapter: close handler and heart
  private final AtomicBoolean lost = new AtomicBoolean();
  private final AtomicReference<String> lastError = new AtomicReference<>("");
  private volatile boolean beating;
  private volatile long sent;
  private long heart;

  private HeldLock(Vertx vertx, Session session, MigrationLock.Run run, Owner owner) {
    this.vertx = vertx;
    this.session = session;
    this.run = run;
    this.owner = owner;
  }

  /**
   * What was learned of the session while the lock was taken.
   *
   * @param backend the session that holds it
   * @param noticesDeadClients whether the server knows {@code client_connection_check_interval}
   */
  record Owner(BackendSession backend, boolean noticesDeadClients) {}

  static HeldLock beating(Vertx vertx, Session session, MigrationLock.Run run, Owner owner) {
    HeldLock lock = new HeldLock(vertx, session, run, owner);
    lock.session().exceptionHandler(error -> lock.lastError.set(": " + error.getMessage()));
    lock.session().closeHandler(closed -> lock.ended());
    lock.heart = vertx.setPeriodic(MigrationLock.BEAT.toMillis(), tick -> lock.beat());
    return lock;
  }

  private void ended() {
    lost.set(true);
    loss.tryComplete("the session that held it was ended" + lastError.get());
  }

  private void beat() {
    long now = System.nanoTime();
    if (beating) {
      if (now - sent > MigrationLock.SILENCE.toNanos()) {
        loss.tryComplete(
            "the server has not answered for " + MigrationLock.SILENCE.toSeconds() + " s");
      }
    } else if (!lost.get()) {
      beating = true;
      sent = now;
      session().query("SELECT 1").execute().onComplete(done -> beating = false);
    }
  }

  @Override
  public PgConnection session() {
    return session.connection();
  }

  @Override
  public MigrationLock.Run run() {
    return run;
  }

  /** Whether the session has ended, and the lock with it. */
  public boolean lost() {
    return lost.get();
  }

  @Override
  public Future<String> loss() {
    return loss.future();
  }

  @Override
  public boolean noticesDeadClients() {
    return owner.noticesDeadClients();
  }

  /** What whoever works under this lock says of it. */
  public BorrowedLock.Claimed lent() {
    return new BorrowedLock.Claimed(owner.backend(), run);
  }

  @Override
  public Map<String, String> environment() {
    return Map.of(
        VARIABLE,
        owner.backend().pid() + "," + owner.backend().backendStart() + "," + run.text(),
        "PGAPPNAME",
        run.applicationName());
  }

  /**
   * Gives the lock back and closes the session.
   *
   * <p>Completes when both happened; fails with {@link IllegalStateException} when the server says
   * that the lock was not held any more, which means that something else may have run beside the
   * work; the session is closed then too.
   */
  @Override
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

  @Override
  public Future<Void> abandon() {
    vertx.cancelTimer(heart);
    return session.close();
  }
}
