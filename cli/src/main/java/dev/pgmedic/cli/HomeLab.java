package dev.pgmedic.cli;

import dev.pgmedic.embedded.EmbeddedServer;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.migration.SqlMigration;
import dev.pgmedic.migration.SqlMigrations;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.postgres.SqlResource;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.Expectation;
import dev.pgmedic.target.Migrations;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Recovery;
import dev.pgmedic.target.Replay;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The HomeLab database of the guide: made, filled, and broken as it was broken there. */
final class HomeLab {

  static final String NAME = "homelab";
  static final List<String> FILES =
      List.of(
          "001_users.sql",
          "002_services.sql",
          "003_conversations.sql",
          "004_tasks.sql",
          "005_google_services.sql");

  private static final Duration STATEMENT = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final PostgresUrl url;
  private final Path folder;

  private HomeLab(Vertx vertx, PostgresUrl url, Path folder) {
    this.vertx = vertx;
    this.url = url;
    this.folder = folder;
  }

  /**
   * Makes the database, applies the five migrations and fills every table. Blocking but for the
   * future.
   */
  static Future<HomeLab> create(Vertx vertx, EmbeddedServer server) throws IOException {
    Path folder = Files.createTempDirectory("pgmedic-homelab-");
    List<SqlMigration> migrations = new ArrayList<>();
    for (String file : FILES) {
      String sql = SqlResource.read(HomeLab.class, "homelab/" + file);
      Files.writeString(folder.resolve(file), sql);
      migrations.add(SqlMigration.of(file, sql).orElseThrow());
    }
    HomeLab lab = new HomeLab(vertx, server.url("homelab_jarvis"), folder);
    return lab.run(server.url("postgres"), "CREATE DATABASE homelab_jarvis")
        .compose(made -> lab.open(lab.url, "homelab-migrations"))
        .compose(session ->
            new SqlMigrations("public", migrations)
                .apply(session.connection())
                .compose(applied ->
                    session
                        .connection()
                        .query(SqlResource.read(HomeLab.class, "homelab/rows.sql"))
                        .execute())
                .eventually(session::close))
        .map(lab);
  }

  private Future<Session> open(PostgresUrl where, String application) {
    return Session.open(
        vertx,
        where,
        new Session.Settings(application, Duration.ofSeconds(5), STATEMENT, Duration.ZERO, false));
  }

  private Future<Void> run(PostgresUrl where, String sql) {
    return open(where, "homelab-operator")
        .compose(session ->
            session.connection().query(sql).execute().<Void>mapEmpty().eventually(session::close));
  }

  /** The target that pgmedic watches. */
  Target target(Duration checkEvery) {
    return new Target(
        NAME,
        url,
        Map.of("env", "home"),
        new Migrations(
            Optional.of("sql"),
            Optional.empty(),
            Optional.of(folder),
            List.of(),
            Map.of(),
            List.of(),
            Replay.OFF),
        new Expectation(
            Set.of(
                "google_service_status",
                "calendar_automations",
                "email_notifications",
                "drive_backups"),
            Map.of("serviceconnectionstatus", List.of("connected", "disconnected", "error"))),
        Optional.of(new Recovery(url, List.of())),
        checkEvery,
        Deadlines.DEFAULT);
  }

  /**
   * A migration run takes pgmedic's lock and dies without a word: its session stays, its heart has
   * stopped. Completes with the session, which the caller keeps open.
   */
  Future<Session> holdLockWithoutHeart() {
    return open(url, "pgmedic/crashed-deploy/1")
        .compose(session ->
            session
                .connection()
                .query("SELECT pg_advisory_lock(" + MigrationLock.KEY + ")")
                .execute()
                .map(session));
  }

  /**
   * A table goes with all that hangs on it, and an abandoned migration leaves an enum type behind.
   */
  Future<Void> breakSchema() {
    return run(
        url,
        "SET search_path = public; BEGIN; DROP TABLE google_service_status CASCADE;"
            + " CREATE TYPE voicestatus AS ENUM ('listening', 'muted'); COMMIT");
  }

  /** Deletes what was put on disk. Blocking. */
  void clean() {
    try {
      for (String file : FILES) {
        Files.deleteIfExists(folder.resolve(file));
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
