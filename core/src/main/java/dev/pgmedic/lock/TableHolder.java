package dev.pgmedic.lock;

import dev.pgmedic.json.DurationText;
import dev.pgmedic.postgres.ForeignText;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Finds who keeps readers out of a table. */
public final class TableHolder {

  // Only this mode does; to_regclass takes no lock.
  private static final String HOLDERS =
      """
      SELECT l.pid, a.state,
             (1000 * extract(epoch FROM pg_catalog.clock_timestamp() - a.state_change))::int8
               AS millis
      FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
      WHERE l.relation = pg_catalog.to_regclass($1) AND l.mode = 'AccessExclusiveLock'
        AND l.locktype = 'relation'
        AND l.database = (SELECT oid FROM pg_catalog.pg_database
                          WHERE datname = pg_catalog.current_database())
      ORDER BY l.granted DESC, l.waitstart LIMIT 3
      """;

  // What is older than any user's object is a catalog.
  private static final String OF_CATALOGS =
      """
      SELECT l.relation::pg_catalog.regclass::text AS name, l.pid, a.state,
             (1000 * extract(epoch FROM pg_catalog.clock_timestamp() - a.state_change))::int8
               AS millis
      FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
      WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.granted
        AND l.relation < 16384::oid
        AND l.database IN (0, (SELECT oid FROM pg_catalog.pg_database
                               WHERE datname = pg_catalog.current_database()))
      ORDER BY a.xact_start LIMIT 3
      """;

  private TableHolder() {}

  /**
   * Says who holds the table, or stands first in its queue, in one phrase. Fails as the query
   * fails.
   *
   * @param table its qualified name, quoted where it must be
   */
  public static Future<String> of(SqlClient session, String table) {
    return session
        .preparedQuery(HOLDERS)
        .execute(Tuple.of(table))
        .map(rows ->
            StreamSupport.stream(rows.spliterator(), false)
                .map(TableHolder::words)
                .collect(Collectors.joining(", ")))
        .map(holders ->
            ForeignText.visible(table, ForeignText.NAME)
                + " is locked by "
                + (holders.isEmpty() ? "somebody who is gone by now" : holders));
  }

  /**
   * Says who keeps everybody out of the server's own catalogs, in one phrase; absent when nobody
   * does by now. Fails as the query fails, which needs some of them itself.
   */
  public static Future<Optional<String>> ofCatalogs(SqlClient session) {
    return session
        .query(OF_CATALOGS)
        .execute()
        .map(rows ->
            StreamSupport.stream(rows.spliterator(), false)
                .map(row -> row.getString("name") + " is locked by " + words(row))
                .collect(Collectors.joining(", ")))
        .map(holders -> Optional.of(holders).filter(told -> !told.isEmpty()));
  }

  private static String words(Row row) {
    Integer pid = row.getInteger("pid");
    if (pid == null) {
      return "a prepared transaction";
    }
    return "session "
        + pid
        + Optional.ofNullable(row.getString("state"))
            .map(state -> ", " + state + " for " + since(row))
            .orElse("");
  }

  private static String since(Row row) {
    Long millis = row.getLong("millis");
    return DurationText.words(Duration.ofMillis(millis == null ? 0 : Math.max(0, millis)));
  }
}
