package dev.pgmedic.lock;

import dev.pgmedic.lock.signature.DatabaseFacts;
import dev.pgmedic.lock.signature.DatabaseFacts.FoundTable;
import dev.pgmedic.lock.signature.KnownKeys;
import dev.pgmedic.postgres.SqlResource;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import java.util.List;
import java.util.Optional;

/**
 * What of a database and a session does not change between two looks.
 *
 * @param database what the keys of migration tools are made of
 * @param keys those keys
 * @param configured the keys that the target's {@code lock_keys} name
 * @param ours pgmedic's own key
 * @param viewer who looks
 */
record LockFacts(
    DatabaseFacts database, KnownKeys keys, List<Long> configured, long ours, Viewer viewer) {

  private static final String FACTS = SqlResource.read(LockFacts.class, "facts.sql");

  /**
   * Who looks.
   *
   * @param role the role that is in force
   * @param seesAll whether what other roles' sessions do may be seen
   * @param standby whether the server is one: it knows no lock of its primary
   */
  record Viewer(String role, boolean seesAll, boolean standby) {}

  /** Reads them from the catalog alone. Fails as the queries fail. */
  static Future<LockFacts> read(SqlClient session, List<Long> configured) {
    return ToolTables.read(session)
        .compose(tables ->
            session
                .query(FACTS)
                .execute()
                .map(rows -> of(rows.iterator().next(), tables, configured)));
  }

  private static LockFacts of(Row row, List<FoundTable> tables, List<Long> configured) {
    DatabaseFacts database =
        new DatabaseFacts(
            row.getString("database"), tables, List.of(row.getArrayOfLongs("prisma_keys")));
    return new LockFacts(
        database,
        KnownKeys.of(database),
        List.copyOf(configured),
        row.getLong("ours"),
        new Viewer(row.getString("role"), row.getBoolean("sees_all"), row.getBoolean("standby")));
  }

  Optional<FoundTable> table(long oid) {
    return database.tables().stream().filter(table -> table.oid() == oid).findFirst();
  }
}
