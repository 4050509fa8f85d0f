package dev.pgmedic.worker;

import dev.pgmedic.plan.ReleaseLock;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;

/**
 * Ends the session of an orphaned lock, on a session of its own: the migration lock cannot be had
 * before.
 */
final class LockReleaser {

  private static final String STILL_THERE =
      """
      SELECT state FROM pg_catalog.pg_stat_activity
      WHERE pid = $1 AND backend_start = $2
      """;

  private LockReleaser() {}

  /**
   * Ends the holder if it is still the same session and still silent. Completes with what happened,
   * also when it was gone already; fails with {@link StepFailed} when its heart beats again; fails
   * as the server does.
   */
  static Future<String> release(Vertx vertx, PostgresUrl url, Target target, ReleaseLock release) {
    Session.Settings settings = Session.Settings.errand("pgmedic-release", target.deadlines());
    return Session.open(vertx, url, settings)
        .compose(session ->
            session
                .connection()
                .query(release.statements().orElseThrow())
                .execute()
                .compose(ended -> gone(session.connection(), release))
                .eventually(session::close));
  }

  private static Future<String> gone(PgConnection session, ReleaseLock release) {
    return session
        .preparedQuery(STILL_THERE)
        .execute(Tuple.of(release.pid(), release.backendStart().atOffset(ZoneOffset.UTC)))
        .compose(rows ->
            rows.size() == 0
                ? Future.succeededFuture(release.postcondition())
                : Future.failedFuture(
                    new StepFailed(
                        "session "
                            + release.pid()
                            + " lives again, so its lock is not orphaned: left alone")));
  }
}
