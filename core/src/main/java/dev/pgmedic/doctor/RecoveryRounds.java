package dev.pgmedic.doctor;

import dev.pgmedic.doctor.Examination.Part;
import dev.pgmedic.grants.Duty;
import dev.pgmedic.postgres.ForeignText;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.util.List;

/** What a recovery needs. */
final class RecoveryRounds implements Rounds {

  private static final String SUPERUSERS =
      """
      SELECT pg_catalog.count(*) AS sessions, pg_catalog.min(r.rolname::text) AS example,
             coalesce((SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user),
                      false) AS ourselves
      FROM pg_catalog.pg_stat_activity a JOIN pg_catalog.pg_roles r ON r.oid = a.usesysid
      WHERE a.datname = pg_catalog.current_database() AND r.rolsuper
        AND a.pid <> pg_catalog.pg_backend_pid()
        AND coalesce(a.backend_type, 'client backend') = 'client backend'
      """;

  private static final String NOTICES =
      "SELECT pg_catalog.set_config('client_connection_check_interval', '1s', true)";

  private final Vertx vertx;
  private final Target target;

  RecoveryRounds(Vertx vertx, Target target) {
    this.vertx = vertx;
    this.target = target;
  }

  @Override
  public List<Look> looks() {
    return List.of(
        new Look("rights", new RightsLook(vertx, target, Duty.WORKER)::look),
        Look.one("superusers", this::superusers),
        Look.one("dead-clients", this::deadClients));
  }

  @Override
  public Probe pooled() {
    return Probe.missing(
        "direct",
        "a pooler is in between",
        "no recovery runs: a lock of ours could stay behind on one of the pooler's sessions",
        Refusal.urlLine(Part.RECOVERY) + "   # the server itself, not the pooler");
  }

  @Override
  public Probe standby() {
    return Probe.missing(
        "primary",
        "it is a standby",
        "no recovery runs",
        Refusal.urlLine(Part.RECOVERY) + "   # the primary");
  }

  private Future<Probe> superusers(PgConnection session) {
    return session
        .query(SUPERUSERS)
        .execute()
        .map(rows -> {
          Row row = rows.iterator().next();
          long sessions = row.getLong("sessions");
          if (sessions == 0 || row.getBoolean("ourselves")) {
            return Probe.ok(
                "superusers",
                sessions == 0
                    ? "no session of a superuser is in this database now"
                    : "may end sessions of superusers too");
          }
          return Probe.warning(
              "superusers",
              sessions
                  + (sessions == 1 ? " session belongs" : " sessions belong")
                  + " to superusers such as "
                  + ForeignText.quoted(row.getString("example")),
              "only a superuser may end those: an orphaned lock of theirs waits for a person",
              "let services and migrations log in as roles that are no superusers");
        });
  }

  // For the transaction alone, which is rolled back.
  private Future<Probe> deadClients(PgConnection session) {
    return session
        .begin()
        .compose(tx ->
            session
                .query(NOTICES)
                .execute()
                .transform(set -> tx.rollback().map(undone -> deadClients(set.succeeded()))));
  }

  private static Probe deadClients(boolean noticed) {
    return noticed
        ? Probe.ok("dead-clients", "the server notices within 1s when we are gone")
        : Probe.warning(
            "dead-clients",
            "the server does not look whether its client is there while a statement runs",
            "a statement of a worker that died goes on to its end before another takes over",
            "PostgreSQL 14 or newer on Linux, 15 or newer elsewhere");
  }
}
