package dev.pgmedic.check;

import dev.pgmedic.lock.WrongServer;
import dev.pgmedic.plan.TargetIdentity;
import dev.pgmedic.postgres.SqlResource;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.util.OptionalLong;

/**
 * What a check asks first.
 *
 * @param identity which database it is
 * @param changes how often rows of its catalogs were written; empty where nobody counts
 * @param direct whether the server itself answers, and no pooler in its place
 */
record Arrival(TargetIdentity identity, OptionalLong changes, boolean direct) {

  private static final String ARRIVAL = SqlResource.read(Arrival.class, "arrival.sql");

  /** Asks. Fails as the query fails. */
  static Future<Arrival> at(PgConnection session) {
    return session
        .query(ARRIVAL)
        .execute()
        .map(rows -> of(rows.iterator().next(), session.processId()));
  }

  private static Arrival of(Row row, int pid) {
    Long changes = row.getLong("changes");
    return new Arrival(
        new TargetIdentity(row.getString("system"), row.getLong("oid"), row.getString("name")),
        changes == null ? OptionalLong.empty() : OptionalLong.of(changes),
        row.getInteger("pid") == pid);
  }

  /** Fails with {@link WrongServer} when a pooler answers. */
  Future<Arrival> orRefuse() {
    return direct ? Future.succeededFuture(this) : Future.failedFuture(WrongServer.proxy());
  }
}
