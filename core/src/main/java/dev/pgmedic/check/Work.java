package dev.pgmedic.check;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;

/**
 * Whether sessions are at work in a target beside a check: a migration tool that takes no lock is
 * seen by nothing else.
 */
final class Work {

  // An application's short queries are no work on a schema.
  private static final String SQL =
      """
      SELECT EXISTS (
        SELECT FROM pg_catalog.pg_stat_activity
        WHERE datname = pg_catalog.current_database() AND backend_type = 'client backend'
          AND pid <> pg_catalog.pg_backend_pid() AND application_name NOT LIKE 'pgmedic%'
          AND (state = 'active' OR state LIKE 'idle in transaction%')
          AND pg_catalog.clock_timestamp() - coalesce(xact_start, query_start)
            > interval '250 ms') AS sessions
      """;

  private Work() {}

  /** Whether one has been at a statement or in a transaction for a while. */
  static Future<Boolean> isSeen(PgConnection session) {
    return session.query(SQL).execute().map(rows -> rows.iterator().next().getBoolean("sessions"));
  }
}
