package dev.pgmedic.lock.signature;

import com.google.errorprone.annotations.Immutable;
import java.util.Optional;

/**
 * How a tool says in a row that it is at work. The row is committed, so it outlives its writer.
 *
 * @param held the condition under which a row means that the lock is held, in SQL
 * @param key what tells one lock of the table from another, in SQL
 * @param by the column in which the holder names itself
 * @param at the column in which it says since when
 * @param zoned whether {@code at} has a time zone; without one it is the client's own time
 * @param lease the column that says until when the row counts at all
 * @param released what the tool's own command sets to give the lock back, in SQL
 */
@Immutable
record RowLock(
    String held,
    String key,
    Optional<String> by,
    Optional<String> at,
    boolean zoned,
    Optional<String> lease,
    Optional<String> released) {

  static final RowLock LIQUIBASE =
      new RowLock(
          "locked",
          "id",
          Optional.of("lockedby"),
          Optional.of("lockgranted"),
          false,
          none(),
          Optional.of("locked = false, lockgranted = NULL, lockedby = NULL"));
  static final RowLock KNEX = unsigned("is_locked <> 0", "\"index\"", Optional.of("is_locked = 0"));
  static final RowLock GOOSE =
      new RowLock(
          "locked",
          "lock_id",
          Optional.of("locked_by"),
          Optional.of("locked_at"),
          true,
          Optional.of("lease_expires_at"),
          none());
  static final RowLock GOLANG_MIGRATE = unsigned("true", "lock_id", none());
  static final RowLock PGROLL = unsigned("NOT done", "schema || '.' || name", none());

  /** More rows than a lock table of any tool has. */
  private static final int MOST = 20;

  private static RowLock unsigned(String held, String key, Optional<String> released) {
    return new RowLock(held, key, none(), none(), false, none(), released);
  }

  private static <T> Optional<T> none() {
    return Optional.empty();
  }

  /** The held locks of a table, in SQL. */
  String select(String table) {
    return """
    SELECT (%s)::text AS key, (%s)::text AS recorded_by, (%s)::text AS recorded_at,
           (%s)::timestamptz AS zoned, (%s)::timestamptz AS in_utc, (%s)::timestamptz AS here,
           (%s)::timestamptz AS lease_ends, xmin::text || ' ' || ctid::text AS version,
           CASE WHEN pg_catalog.current_setting('track_commit_timestamp')::bool
             THEN pg_catalog.pg_xact_commit_timestamp(xmin) END AS committed
    FROM ONLY %s WHERE %s ORDER BY 1 LIMIT %d\
    """
        .formatted(
            key,
            column(by),
            column(at),
            column(at.filter(column -> zoned)),
            column(at.filter(column -> !zoned).map(column -> column + " AT TIME ZONE 'UTC'")),
            column(at.filter(column -> !zoned)),
            column(lease),
            table,
            held,
            MOST);
  }

  private static String column(Optional<String> name) {
    return name.orElse("NULL");
  }
}
