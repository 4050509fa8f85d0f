package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.api.ApiOptions;
import dev.pgmedic.config.Config;
import dev.pgmedic.config.ConfigReader;
import dev.pgmedic.event.EventType;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.migration.SqlMigration;
import dev.pgmedic.migration.SqlMigrations;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.postgres.SqlResource;
import dev.pgmedic.store.Tasks;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With the two scripts of {@code pgmedic grants} and nothing else, the demo's incident heals. */
@Timeout(120)
class GrantedRolesTest {

  private static final Config.Token TOKEN =
      new Config.Token("test", Config.Role.ADMIN, "a-token-for-this-test-alone");

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();
  private final String owner = TestDatabases.role(url);
  private final PostgresUrl application = TestDatabases.as(url, owner);
  private final PostgresUrl monitor = TestDatabases.as(url, "monitor_" + url.database());
  private final PostgresUrl worker = TestDatabases.as(url, "worker_" + url.database());
  @TempDir private Path folder;

  @BeforeEach
  void theOwnerMigrates() throws IOException {
    TestDatabases.run(url, "ALTER DATABASE " + url.database() + " OWNER TO " + owner);
    Files.createDirectory(folder.resolve("migrations"));
    for (String file : HomeLab.FILES) {
      String sql = SqlResource.read(HomeLab.class, "homelab/" + file);
      Files.writeString(folder.resolve("migrations").resolve(file), sql);
    }
    List<SqlMigration> migrations = SqlMigration.readAll(folder.resolve("migrations"));
    Session session =
        Session.open(vertx, application, Session.Settings.errand("migrate", Deadlines.DEFAULT))
            .await();
    int applied = new SqlMigrations("public", migrations).apply(session.connection()).await();
    assertThat(applied).isEqualTo(HomeLab.FILES.size());
    session.close().await();
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private void granted(String duty, PostgresUrl role) throws IOException {
    OneShot script =
        OneShot.run(folder, "grants", "--role", duty, "--name", role.user(), "--url", url.reveal());
    Psql ended = Psql.run(folder, url, script.out());
    assertThat(ended.code()).as(ended.said()).isZero();
  }

  private Path file() throws IOException {
    return Files.writeString(
        folder.resolve("pgmedic.yaml"),
        """
        store: {url: "%s"}
        targets:
          homelab:
            url: "%s"
            check_every: 300ms
            migrations: {tool: sql, directory: migrations}
            recovery: {url: "%s"}
        """
            .formatted(TestDatabases.fresh().reveal(), monitor.reveal(), worker.reveal()));
  }

  @Test
  void theIncidentOfTheDemoHealsWithTheRolesOfTheScripts() throws IOException, SQLException {
    // Given
    granted("monitor", monitor);
    granted("worker", worker);
    Path file = file();
    DemoEvents events = new DemoEvents(vertx);
    Node node = node(file);
    assertThat(events.next(EventType.BASELINE_TAKEN, event -> true, 30).await()).isNotNull();

    // When
    OneShot check = OneShot.run(folder, "check", "-c", file.toString(), "--json");
    OneShot doctor = OneShot.run(folder, "doctor", "-c", file.toString(), "--json");
    JsonObject healed;
    try (Connection silent = TestDatabases.connect(application)) {
      run(
          silent,
          "SET application_name = 'pgmedic/crashed-deploy/1'",
          "SELECT pg_advisory_lock(" + MigrationLock.KEY + ")");
      TestDatabases.run(
          application,
          "BEGIN; DROP TABLE google_service_status CASCADE;"
              + " CREATE TYPE voicestatus AS ENUM ('listening', 'muted'); COMMIT");
      RecoveryTask task = proposed(events, node);
      Approver.approve(vertx, node.port(), TOKEN.secret(), task).await();
      healed = ended(events, task);
    }

    // Then
    assertThat(check.code()).as(check.out() + check.err()).isZero();
    assertThat(new JsonObject(check.out()).getString("migration_version")).isEqualTo("005");
    assertThat(doctor.out())
        .contains("\"state\":\"ok\"")
        .doesNotContain("\"state\":\"missing\"", "\"state\":\"warning\"", "\"state\":\"failed\"");
    assertThat(doctor.code()).isZero();
    assertThat(healed.getString("type")).as(healed.encode()).endsWith("task.succeeded");
    assertThat(
            TestDatabases.query(
                url, "SELECT tableowner FROM pg_tables WHERE tablename = 'google_service_status'"))
        .containsExactly(owner);
    assertThat(
            TestDatabases.query(
                url,
                "SELECT rolname FROM pg_roles WHERE rolsuper AND rolname ~ '%s'"
                    .formatted(url.database())))
        .isEmpty();
    node.store().close().await();
  }

  private Node node(Path file) {
    Config config = new ConfigReader(name -> Optional.empty()).read(file);
    return Node.start(
            vertx,
            config.store().url().orElseThrow(),
            new Node.Parts(
                Node.Role.ALL,
                config.targets(),
                new ApiOptions(
                    new Config.Http("127.0.0.1", 0, java.util.Set.of()),
                    new Config.Auth(Optional.empty(), List.of(TOKEN))),
                new Node.Patience(Duration.ofSeconds(2), Node.Patience.DEFAULT.lease())))
        .await();
  }

  private static RecoveryTask proposed(DemoEvents events, Node node) {
    JsonObject proposed =
        events
            .next(
                EventType.TASK_PROPOSED,
                event -> event.getJsonObject("data").getJsonArray("issues").size() == 3,
                30)
            .await();
    UUID id = UUID.fromString(proposed.getString("subject"));
    return new Tasks(node.store()).find(id).await().orElseThrow();
  }

  private static JsonObject ended(DemoEvents events, RecoveryTask task) {
    return io.vertx.core.Future.any(
            events.next(EventType.TASK_SUCCEEDED, of(task), 30),
            events.next(EventType.TASK_FAILED, of(task), 30))
        .map(first -> first.<JsonObject>resultAt(first.succeeded(0) ? 0 : 1))
        .await();
  }

  private static java.util.function.Predicate<JsonObject> of(RecoveryTask task) {
    return event -> event.getString("subject").equals(task.id().toString());
  }

  private static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
