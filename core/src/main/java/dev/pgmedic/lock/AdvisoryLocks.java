package dev.pgmedic.lock;

import dev.pgmedic.postgres.SqlResource;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Reads who holds which advisory lock of a database. Takes no lock. */
public final class AdvisoryLocks {

  private static final String HELD = SqlResource.read(AdvisoryLocks.class, "advisory-locks.sql");

  private AdvisoryLocks() {}

  /**
   * Every advisory lock of the session's database but the session's own. Fails as the query fails.
   *
   * @param configured the keys that the target's {@code lock_keys} name
   */
  public static Future<List<AdvisoryLock>> read(SqlClient session, List<Long> configured) {
    return session
        .query(HELD)
        .execute()
        .map(rows ->
            StreamSupport.stream(rows.spliterator(), false)
                .map(row -> lock(row, configured))
                .toList());
  }

  private static AdvisoryLock lock(Row row, List<Long> configured) {
    boolean twoKeys = row.getBoolean("two_keys");
    Optional<Long> key = Optional.ofNullable(row.getLong("key"));
    return new AdvisoryLock(
        twoKeys
            ? row.getLong("class_id") + "," + row.getLong("object_id")
            : key.map(String::valueOf).orElse(""),
        row.getBoolean("ours"),
        key.filter(configured::contains).isPresent(),
        row.getInteger("pid"),
        Optional.ofNullable(row.getOffsetDateTime("backend_start")).map(OffsetDateTime::toInstant),
        text(row, "application_name"),
        text(row, "user_name"),
        text(row, "client"),
        text(row, "state"),
        Optional.ofNullable(row.getLong("quiet_ms")).map(Duration::ofMillis),
        row.getLong("waiters"));
  }

  private static Optional<String> text(Row row, String column) {
    return Optional.ofNullable(row.getString(column)).filter(value -> !value.isEmpty());
  }
}
