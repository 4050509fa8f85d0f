package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The acceptance case: a real Alembic project, broken by a DROP TABLE ... CASCADE, healed over
 * HTTP.
 */
@Timeout(180)
class AlembicIncidentTest {

  private static final String TOKEN = "a-token-of-the-tests-alone";
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private PostgresUrl target;
  private AlembicProject project;
  private Path config;

  @BeforeEach
  void migrate() throws Exception {
    assumeThat(AlembicProject.installed())
        .as("alembic is not installed here: apt install alembic python3-psycopg2")
        .isTrue();
    target = TestDatabases.fresh();
    project = AlembicProject.in(folder, target);
    assertThat(project.run("upgrade", "head")).doesNotContain("Error");
    TestDatabases.run(
        target,
        "INSERT INTO google_service_status (service, status) SELECT 's' || n, 'connected'"
            + " FROM generate_series(1, 100) n",
        "INSERT INTO calendar_automations (service_id) SELECT n FROM generate_series(1, 40) n",
        "INSERT INTO email_notifications (status) SELECT 'sent' FROM generate_series(1, 70) n",
        "INSERT INTO drive_backups (status) SELECT 'complete' FROM generate_series(1, 30) n",
        "ANALYZE");
    config = folder.resolve("pgmedic.yaml");
    Files.writeString(
        config,
        """
        store: {url: "%s"}
        auth: {tokens: [{name: jarvis, role: approver, token: %s}]}
        targets:
          homelab:
            url: "%s"
            check_every: 300ms
            migrations: {tool: alembic, directory: .}
            expect:
              tables:
                [google_service_status, calendar_automations, email_notifications, drive_backups]
            recovery: {restart: [[touch, "%s"]]}
        """
            .formatted(
                TestDatabases.fresh().reveal(),
                TOKEN,
                target.reveal(),
                folder.resolve("restarted")));
  }

  @Test
  void isDetectedApprovedHealedAndTold() throws Exception {
    try (ServiceProcess service = ServiceProcess.up(config)) {
      // Given
      Api api = service.api(TOKEN);
      await().atMost(SOON).until(() -> api.eventTypes().contains("baseline.taken"));
      TestDatabases.run(target, "DROP TABLE google_service_status CASCADE");
      await().atMost(SOON).until(() -> api.proposed().isPresent());
      JsonObject broken = api.health();
      JsonObject task = api.proposed().orElseThrow();

      // When
      int withoutLoss = api.approve(task, false).statusCode();
      int withLoss = api.approve(task, true).statusCode();
      JsonObject ended = api.ended(task.getString("id"));

      // Then
      assertThat(broken.getBoolean("healthy")).isFalse();
      assertThat(broken.getInteger("tables_present")).isEqualTo(3);
      assertThat(broken.getJsonArray("issues").getString(0)).startsWith("table.missing");
      assertThat(List.of(withoutLoss, withLoss)).containsExactly(409, 200);
      assertThat(ended.getString("state")).isEqualTo("succeeded");
      assertThat(rows()).containsExactly("0", "40", "70", "30");
      assertThat(folder.resolve("restarted")).exists();
      assertHealthy(api);
      assertThat(project.run("current")).contains("005 (head)");
      assertTold(api.eventTypes());
    }
  }

  private static void assertHealthy(Api api) {
    // On a busy machine a report of a few hundred milliseconds' interval is stale now and then.
    await().atMost(SOON).until(() -> api.health().getBoolean("healthy"));
    JsonObject health = api.health();
    assertThat(health.getString("migration_tool")).isEqualTo("alembic");
    assertThat(health.getString("migration_version")).isEqualTo("005");
    assertThat(health.getString("migration_head")).isEqualTo("005");
    assertThat(health.getInteger("tables_present")).isEqualTo(4);
    assertThat(health.getJsonArray("issues").getString(0))
        .startsWith("data.lost: public.google_service_status came back empty: about 100 rows");
  }

  private static void assertTold(List<String> types) {
    assertThat(types)
        .containsSubsequence(
            "baseline.taken",
            "health.changed",
            "issue.opened",
            "task.proposed",
            "task.approved",
            "task.started",
            "step.started",
            "step.succeeded",
            "step.started",
            "step.succeeded",
            "issue.resolved",
            "task.succeeded");
  }

  private List<String> rows() {
    return List.of(
            "google_service_status", "calendar_automations", "email_notifications", "drive_backups")
        .stream()
        .map(table -> TestDatabases.query(target, "SELECT count(*) FROM " + table).get(0))
        .toList();
  }
}
