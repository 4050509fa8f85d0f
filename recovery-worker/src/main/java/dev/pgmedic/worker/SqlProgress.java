package dev.pgmedic.worker;

import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.postgres.SqlResource;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;

/**
 * What the server says of a session at work, asked on another one: how far an index is, or whose
 * lock it waits for. Reads only, as the monitor does.
 */
final class SqlProgress {

  private static final String LOOK = SqlResource.read(SqlProgress.class, "progress.sql");
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final Target target;
  private final int pid;

  SqlProgress(Vertx vertx, Target target, int pid) {
    this.vertx = vertx;
    this.target = target;
    this.pid = pid;
  }

  /**
   * Completes with a sentence, empty when there is nothing to say; fails as the server does, and
   * with {@link dev.pgmedic.deadline.DeadlinePassed} when it does not answer within 2 s.
   */
  Future<String> look() {
    Session.Settings settings = new Session.Settings("pgmedic-progress", LIMIT, LIMIT, LIMIT, true);
    return Session.open(vertx, target.url(), settings)
        .compose(session ->
            Deadline.within(
                    LIMIT,
                    "the look at the step",
                    session.connection().preparedQuery(LOOK).execute(Tuple.of(pid)),
                    session.connection()::cancelRequest)
                .eventually(session::close))
        .map(rows -> rows.size() == 0 ? "" : rows.iterator().next().getString("said"));
  }
}
