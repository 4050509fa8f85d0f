package dev.pgmedic.worker;

import dev.pgmedic.postgres.BackendSession;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.store.Claim;
import dev.pgmedic.store.Claims;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;

/**
 * Where a claimed task is worked on.
 *
 * @param vertx runs it
 * @param target the target, which has leave to be healed
 * @param claims keeps the journal
 * @param claim the task and its fence
 */
record Workplace(Vertx vertx, Target target, Claims claims, Claim claim) {

  /** What a session of ours is at, as {@link SqlProgress#look()} tells. */
  Future<String> progress(PgConnection session) {
    return new SqlProgress(vertx, target, session.processId()).look();
  }

  /**
   * Opens a session on the target for a short errand beside the one that holds the lock; the caller
   * closes it. It is written down before its first statement, so that who takes over can end it.
   * Fails with {@link dev.pgmedic.postgres.Unreachable}, and with {@link
   * dev.pgmedic.store.ClaimLost} when another worker has the task.
   */
  Future<Session> errand(String name) {
    return Session.open(
            vertx,
            target.recovery().orElseThrow().url(),
            Session.Settings.errand(name, target.deadlines()))
        .compose(session ->
            BackendSession.of(session.connection())
                .compose(backend -> claims.opened(claim, backend))
                .map(session)
                .recover(error -> session.close().transform(closed -> Future.failedFuture(error))));
  }
}
