package dev.pgmedic.doctor;

import dev.pgmedic.doctor.Examination.Part;
import dev.pgmedic.postgres.Sql;
import dev.pgmedic.postgres.Unreachable;
import dev.pgmedic.target.PostgresUrl;
import io.vertx.pgclient.PgException;
import java.util.Optional;

/** Why a server that is there lets a role not in, and what helps. */
final class Refusal {

  private static final String LOST = "nothing else was looked at as this role";

  private Refusal() {}

  static Probe of(PostgresUrl url, Part part, Throwable error) {
    String stage =
        error instanceof Unreachable unreachable ? unreachable.stage().toString() : "login";
    String reason = Visit.reason(error);
    Optional<PgException> refused =
        Optional.ofNullable(error.getCause())
            .filter(PgException.class::isInstance)
            .map(PgException.class::cast);
    String state = refused.map(cause -> String.valueOf(cause.getSqlState())).orElse("");
    String role = Sql.visibleIdentifier(url.user());
    return switch (state) {
      case "42501" ->
          Probe.failed(
              "login",
              reason,
              LOST,
              "GRANT CONNECT ON DATABASE "
                  + Sql.visibleIdentifier(url.database())
                  + " TO "
                  + role
                  + ";");
      case "3D000" ->
          Probe.failed("login", reason, LOST, "correct the database in the URL, or create it");
      case "28P01" ->
          Probe.failed(
              "login",
              reason,
              LOST,
              "give the right password: password_file, PGPASSWORD, ~/.pgpass, or \\password "
                  + role
                  + " in psql",
              "where the role is not there yet: " + script(part));
      case "28000" ->
          Probe.failed(
              "login",
              reason,
              LOST,
              "let pg_hba.conf admit the role from here",
              "where the role is not there yet: " + script(part));
      case "53300" ->
          Probe.failed("login", reason, LOST, "end idle sessions, or raise max_connections");
      case "08P01" ->
          Probe.failed(
              "direct",
              "a pooler answers that keeps our settings apart for nobody: " + reason,
              LOST,
              urlLine(part) + "   # the server itself, not the pooler");
      default -> silent(stage, reason);
    };
  }

  // The driver has no class of its own for a server without TLS.
  private static Probe silent(String stage, String reason) {
    return stage.equals("tls") || reason.contains("SSL")
        ? Probe.failed(
            "tls",
            reason,
            LOST,
            "set sslmode in the URL to what the server offers, and sslrootcert to who signed it")
        : Probe.failed(stage, reason, LOST, "look at the server's log");
  }

  /** The line of the configuration that names this part's server. */
  static String urlLine(Part part) {
    return switch (part) {
      case MONITOR, FILES -> "url: postgresql://...";
      case RECOVERY -> "recovery: {url: postgresql://...}";
      case STORE -> "store: {url: postgresql://...}";
    };
  }

  /** The command that prints the SQL for this part's role. */
  static String script(Part part) {
    return switch (part) {
      case RECOVERY -> "pgmedic grants --role worker";
      case MONITOR, FILES -> "pgmedic grants --role monitor";
      case STORE -> "CREATE ROLE ... LOGIN";
    };
  }
}
