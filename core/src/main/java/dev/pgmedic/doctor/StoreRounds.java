package dev.pgmedic.doctor;

import dev.pgmedic.doctor.Examination.Part;
import dev.pgmedic.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.util.List;

/** What pgmedic needs of the database of its store. */
final class StoreRounds implements Rounds {

  private static final String SCHEMA =
      """
      SELECT pg_catalog.current_database()::text AS database, current_user::text AS role,
             pg_catalog.pg_get_userbyid(n.nspowner)::text AS owner,
             coalesce(pg_catalog.pg_has_role(current_user, n.nspowner, 'USAGE'), false) AS owns,
             pg_catalog.has_database_privilege(d.oid, 'CREATE') AS create
      FROM pg_catalog.pg_database d
      LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = 'pgmedic'
      WHERE d.datname = pg_catalog.current_database()
      """;

  @Override
  public List<Look> looks() {
    return List.of(Look.one("schema", StoreRounds::schema));
  }

  @Override
  public Probe pooled() {
    return Probe.missing(
        "direct",
        "a pooler is in between",
        "the service does not start: it locks and listens on its own sessions",
        Refusal.urlLine(Part.STORE) + "   # the server itself, not the pooler");
  }

  @Override
  public Probe standby() {
    return Probe.missing(
        "primary",
        "it is a standby",
        "the service does not start",
        Refusal.urlLine(Part.STORE) + "   # the primary");
  }

  private static Future<Probe> schema(PgConnection session) {
    return session.query(SCHEMA).execute().map(rows -> schema(rows.iterator().next()));
  }

  private static Probe schema(Row row) {
    String to = " TO " + Sql.visibleIdentifier(row.getString("role")) + ";";
    String owner = row.getString("owner");
    if (owner == null) {
      return row.getBoolean("create")
          ? Probe.ok("schema", "pgmedic is not there yet, and may be made")
          : Probe.missing(
              "schema",
              "pgmedic is not there yet, and may not be made",
              "the service does not start",
              "GRANT CREATE ON DATABASE " + Sql.visibleIdentifier(row.getString("database")) + to);
    }
    return row.getBoolean("owns")
        ? Probe.ok("schema", "pgmedic is there, and ours")
        : Probe.missing(
            "schema",
            "pgmedic is there, and belongs to another role",
            "the service does not start",
            "GRANT " + Sql.visibleIdentifier(owner) + to);
  }
}
