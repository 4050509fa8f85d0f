package dev.pgmedic.doctor;

import dev.pgmedic.doctor.Examination.Part;
import dev.pgmedic.json.DurationText;
import dev.pgmedic.postgres.ForeignText;
import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What the server is, how we came to it, and as whom. */
final class ServerRounds {

  private static final int OLDEST = 14;
  private static final int NEWEST = 18;
  private static final Duration SKEW = Duration.ofSeconds(5);

  private static final String FACTS =
      """
      SELECT current_user::text AS role, r.rolsuper AS superuser,
             pg_catalog.current_setting('server_version') AS version,
             pg_catalog.current_setting('server_version_num')::int4 / 10000 AS major,
             pg_catalog.pg_is_in_recovery() AS standby, pg_catalog.pg_backend_pid() AS pid,
             (SELECT s.version FROM pg_catalog.pg_stat_ssl s
              WHERE s.pid = pg_catalog.pg_backend_pid()) AS tls,
             pg_catalog.clock_timestamp() AS now
      FROM pg_catalog.pg_roles r WHERE r.rolname = current_user
      """;

  private final PostgresUrl url;
  private final Part part;
  private final boolean local;
  private final Rounds rounds;

  ServerRounds(PostgresUrl url, Part part, boolean local, Rounds rounds) {
    this.url = url;
    this.part = part;
    this.local = local;
    this.rounds = rounds;
  }

  Future<List<Probe>> look(PgConnection session) {
    Clock clock = Clock.systemUTC();
    Instant asked = clock.instant();
    return session
        .query(FACTS)
        .execute()
        .map(rows -> {
          Row row = rows.iterator().next();
          boolean direct = session.processId() == row.getInteger("pid");
          return List.of(
              login(row),
              encryption(session.isSSL(), direct, row),
              version(row),
              row.getBoolean("standby")
                  ? rounds.standby()
                  : Probe.ok("primary", "it is a primary, or the only server"),
              direct ? Probe.ok("direct", "no pooler is in between") : rounds.pooled(),
              clocks(asked, clock.instant(), row));
        });
  }

  private Probe login(Row row) {
    String role = ForeignText.quoted(row.getString("role"));
    if (!row.getBoolean("superuser") || part == Part.STORE) {
      return Probe.ok("login", "as " + role);
    }
    return Probe.warning(
        "login",
        "as " + role + ", which is a superuser",
        "whoever gets hold of this role may do anything on this server",
        Refusal.script(part) + " prints the SQL for a role with no more than it needs");
  }

  private Probe encryption(boolean encrypted, boolean direct, Row row) {
    String mode = url.parameters().getOrDefault("sslmode", "disable");
    String how = direct && row.getString("tls") != null ? " (" + row.getString("tls") + ")" : "";
    boolean verified = mode.equals("verify-ca") || mode.equals("verify-full");
    if (encrypted && (verified || local)) {
      return Probe.ok("tls", "encrypted" + how + (verified ? ", certificate verified" : ""));
    }
    if (local) {
      return Probe.ok("tls", "not encrypted, and does not leave this machine");
    }
    return Probe.warning(
        "tls",
        encrypted ? "encrypted" + how + ", and any certificate is taken" : "not encrypted",
        encrypted
            ? "who stands in between can answer in the server's place"
            : "who stands in between reads along, and can answer in the server's place",
        "?sslmode=verify-full at the end of the URL");
  }

  private static Probe version(Row row) {
    int major = row.getInteger("major");
    String found = "PostgreSQL " + ForeignText.visible(row.getString("version"), 40);
    return major >= OLDEST && major <= NEWEST
        ? Probe.ok("version", found)
        : Probe.warning(
            "version",
            found + ", which pgmedic was never tried with",
            "a check may fail or overlook something",
            "PostgreSQL " + OLDEST + " to " + NEWEST);
  }

  private static Probe clocks(Instant asked, Instant answered, Row row) {
    Instant server = row.getOffsetDateTime("now").toInstant();
    Duration skew =
        server.isBefore(asked)
            ? Duration.between(server, asked)
            : server.isAfter(answered) ? Duration.between(answered, server) : Duration.ZERO;
    return skew.compareTo(SKEW) <= 0
        ? Probe.ok("clock", "the server's is ours")
        : Probe.warning(
            "clock",
            "the server's is "
                + DurationText.words(skew)
                + (server.isBefore(asked) ? " behind ours" : " ahead of ours"),
            "times in reports do not agree with what the server logs",
            "let both machines keep time by NTP");
  }
}
