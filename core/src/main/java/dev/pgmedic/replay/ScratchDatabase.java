package dev.pgmedic.replay;

import dev.pgmedic.postgres.Session;
import dev.pgmedic.postgres.Sql;
import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An empty database, and the role that owns it and may do nothing else: what a migration does to a
 * whole server, such as running a program on it, it cannot do here.
 */
final class ScratchDatabase {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int MOST_ROLES = 500;

  private static final String SESSIONS =
      """
      SELECT pg_catalog.pg_stat_get_db_sessions(oid) AS sessions
      FROM pg_catalog.pg_database WHERE datname = $1
      """;

  private final Session control;
  private final PostgresUrl url;

  private ScratchDatabase(Session control, PostgresUrl url) {
    this.control = control;
    this.url = url;
  }

  /**
   * Makes one.
   *
   * @param roles the roles of the target's server, which migrations may grant something to; each is
   *     made, and may not log in
   */
  static Future<ScratchDatabase> make(Vertx vertx, PostgresUrl server, List<String> roles) {
    byte[] random = new byte[20];
    RANDOM.nextBytes(random);
    String secret = HexFormat.of().formatHex(random);
    String name = "pgmedic_replay_" + secret.substring(0, 8);
    PostgresUrl url =
        new PostgresUrl(
            server.host(), server.port(), name, name, Optional.of(secret.substring(8)), Map.of());
    Session.Settings settings =
        new Session.Settings("pgmedic-replay", LIMIT, LIMIT, Duration.ZERO, false);
    return Session.open(vertx, server, settings)
        .compose(control -> {
          ScratchDatabase made = new ScratchDatabase(control, url);
          return made.create(secret.substring(8), roles)
              .map(made)
              .recover(error -> control.close().transform(closed -> Future.failedFuture(error)));
        });
  }

  private Future<Void> create(String password, List<String> roles) {
    String name = Sql.identifier(url.database());
    return run("CREATE ROLE " + name + " LOGIN PASSWORD '" + password + "'")
        .compose(made -> run("CREATE DATABASE " + name + " OWNER " + name))
        .compose(made -> {
          Future<Void> all = Future.succeededFuture();
          for (String role : roles.stream().limit(MOST_ROLES).toList()) {
            all = all.compose(before -> addRole(role));
          }
          return all;
        });
  }

  // One that is there already serves as well.
  private Future<Void> addRole(String role) {
    return role.startsWith("pg_")
        ? Future.succeededFuture()
        : run("CREATE ROLE " + Sql.identifier(role) + " NOLOGIN").otherwiseEmpty();
  }

  private Future<Void> run(String sql) {
    return control.connection().query(sql).execute().mapEmpty();
  }

  /** Where it is, for the role that owns it. */
  PostgresUrl url() {
    return url;
  }

  /** The role that owns all that is made in it. */
  String role() {
    return url.user();
  }

  /** The major version of its server. */
  int serverVersion() {
    return control.connection().databaseMetadata().majorVersion();
  }

  /** How many sessions it ever had that have ended or that told of themselves. */
  Future<Long> sessions() {
    PgConnection connection = control.connection();
    return connection
        .preparedQuery(SESSIONS)
        .execute(Tuple.of(url.database()))
        .map(rows -> rows.iterator().next().getLong("sessions"));
  }

  /** Drops it with its role. Never fails: the server is thrown away after it. */
  Future<Void> close() {
    String name = Sql.identifier(url.database());
    return run("DROP DATABASE " + name + " WITH (FORCE)")
        .compose(dropped -> run("DROP ROLE " + name))
        .transform(done -> control.close());
  }
}
