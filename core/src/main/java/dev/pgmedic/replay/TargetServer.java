package dev.pgmedic.replay;

import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * What a replay has to know of the server that its target is on.
 *
 * @param version its major version
 * @param roles its roles, which migrations may grant something to; at most 500
 */
public record TargetServer(int version, List<String> roles) {

  private static final Duration LOCK_WAIT = Duration.ofMillis(300);

  private static final String ROLES =
      "SELECT rolname::text AS role FROM pg_catalog.pg_roles ORDER BY 1 LIMIT 500";

  /** Copies the list. */
  public TargetServer {
    roles = List.copyOf(roles);
  }

  /**
   * Asks it. Fails with {@link dev.pgmedic.postgres.Unreachable}, and at the latest after the
   * target's connect and check deadlines. Reads only.
   */
  public static Future<TargetServer> of(Vertx vertx, Target target) {
    Duration limit = target.deadlines().check();
    Session.Settings settings =
        new Session.Settings("pgmedic-check", target.deadlines().connect(), limit, LOCK_WAIT, true);
    return Session.open(vertx, target.url(), settings)
        .compose(session ->
            Deadline.within(
                    limit,
                    "the look at the server's roles",
                    session.connection().query(ROLES).execute(),
                    session.connection()::cancelRequest)
                .map(rows ->
                    new TargetServer(
                        session.connection().databaseMetadata().majorVersion(),
                        StreamSupport.stream(rows.spliterator(), false)
                            .map(row -> row.getString("role"))
                            .toList()))
                .eventually(session::close));
  }
}
