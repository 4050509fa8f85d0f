package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The guide's own fault: the type of a migration that broke off is left over, and the migration
 * fails on it from then on. The plan moves the type and has Alembic run, in the right database and
 * on the approved files alone.
 */
@Timeout(300)
class AlembicUpgradeTest {

  private static final String TOKEN = "a-token-of-the-tests-alone";
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String SLOW =
      "    print('at the slow part', flush=True)\n    op.execute('SELECT pg_sleep(5)')\n";
  private static final List<String> ENVIRONMENT =
      List.of(
          "PATH",
          "HOME",
          "LANG",
          "LC_ALL",
          "TZ",
          "DATABASE_URL",
          "PGAPPNAME",
          "PGOPTIONS",
          "PGMEDIC_LOCK",
          "PGMEDIC_RUN");
  private static final String SAYS_ITS_ENVIRONMENT =
      "    import os\n    open('environment', 'w').write('\\n'.join(os.environ))\n";
  private static final String TYPE = "public.serviceconnectionstatus";

  @TempDir private Path folder;
  private final PostgresUrl target = TestDatabases.fresh();
  private AlembicProject project;
  private Path config;

  @BeforeEach
  void migrate() throws Exception {
    assumeThat(AlembicProject.installed())
        .as("alembic is not installed here: apt install alembic python3-psycopg2")
        .isTrue();
    project = AlembicProject.in(Files.createDirectory(folder.resolve("project")), target);
    assertThat(project.run("upgrade", "004")).doesNotContain("Error");
    config =
        Files.writeString(
            folder.resolve("pgmedic.yaml"),
            """
            store: {url: "%s"}
            auth: {tokens: [{name: jarvis, role: approver, token: %s}]}
            targets:
              homelab:
                url: "%s"
                check_every: 300ms
                migrations: {tool: alembic, directory: project, upgrade: [alembic, upgrade, head]}
                recovery: {}
            """
                .formatted(TestDatabases.fresh().reveal(), TOKEN, target.reveal()));
  }

  @Test
  void theTypeIsMovedAsideAndTheUpgradeRuns() throws Exception {
    try (ServiceProcess service = ServiceProcess.up(config)) {
      // Given
      Api api = service.api(TOKEN);
      Path revision = folder.resolve("project/migrations/versions/005_step.py");
      Files.writeString(revision, Files.readString(revision) + SAYS_ITS_ENVIRONMENT + SLOW);
      JsonObject task = proposed(api);
      JsonObject leftover = issue(api, "enum.leftover").orElseThrow();

      // When
      int approved = api.approve(task, false).statusCode();
      JsonObject ended = api.ended(task.getString("id"));

      // Then
      assertThat(leftover.getString("message"))
          .contains("line 8 of migrations/versions/005_step.py")
          .contains("which is not applied, names it");
      assertThat(types(task)).containsExactly("quarantine", "run_tool", "verify");
      assertThat(task.getJsonObject("plan").getJsonArray("not_pinned").encode())
          .contains("loads from elsewhere");
      assertThat(approved).isEqualTo(200);
      assertThat(ended.getString("state")).as(ended.encodePrettily()).isEqualTo("succeeded");
      assertThat(project.run("current")).contains("005 (head)");
      assertThat(TestDatabases.query(target, "SELECT count(*) FROM google_service_status"))
          .containsExactly("0");
      await().atMost(SOON).until(() -> api.health().getBoolean("healthy"));
      assertThat(progress(api)).as("what it said while it ran").contains("at the slow part");
      assertThat(Files.readAllLines(folder.resolve("project/environment")))
          .contains("PATH", "PGAPPNAME")
          .isSubsetOf(ENVIRONMENT);
    }
  }

  private static String progress(Api api) {
    return api.get("/api/events?type=step.progress").getJsonArray("items").encode();
  }

  @Test
  void nothingIsRunWhereTheToolReadsAnotherDatabase() throws Exception {
    PostgresUrl other = TestDatabases.fresh();
    try (ServiceProcess service = ServiceProcess.up(config)) {
      // Given
      Api api = service.api(TOKEN);
      JsonObject before = proposed(api);
      Path settings = folder.resolve("project/alembic.ini");
      Files.writeString(
          settings, Files.readString(settings).replace(target.database(), other.database()));
      JsonObject task = asked(api, before);

      // When
      int approved = api.approve(task, false).statusCode();
      JsonObject ended = api.ended(task.getString("id"));

      // Then
      assertThat(approved).isEqualTo(200);
      assertThat(ended.getString("state")).isEqualTo("failed");
      assertThat(ended.getString("outcome"))
          .contains("\"alembic current\" was not seen in this database")
          .contains("it reads sqlalchemy.url of alembic.ini instead");
      assertThat(
              TestDatabases.query(
                  other,
                  "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
          .containsExactly("0");
      assertThat(project.run("current")).doesNotContain("005");
    }
  }

  // The files are another, which a person who asks again sees in another digest.
  private static JsonObject asked(Api api, JsonObject before) {
    int rejected =
        api.send(
                "POST",
                "/api/recovery-tasks/" + before.getString("id") + "/reject",
                new JsonObject()
                    .put("plan_digest", before.getJsonObject("plan").getString("digest"))
                    .encode())
            .statusCode();
    assertThat(rejected).isEqualTo(200);
    String issue = issue(api, "enum.leftover").orElseThrow().getString("id");
    return new JsonObject(api.send("POST", "/api/issues/" + issue + "/recovery-task", "").body());
  }

  @Test
  void aFileThatChangedAfterTheApprovalIsNotRun() throws Exception {
    try (ServiceProcess service = ServiceProcess.up(config)) {
      // Given
      Api api = service.api(TOKEN);
      JsonObject task = proposed(api);
      Path revision = folder.resolve("project/migrations/versions/005_step.py");
      Files.writeString(
          revision, Files.readString(revision) + "    op.execute('DROP TABLE step_1')\n");

      // When
      int approved = api.approve(task, false).statusCode();
      JsonObject ended = api.ended(task.getString("id"));

      // Then
      assertThat(approved).isEqualTo(200);
      assertThat(ended.getString("state")).isEqualTo("superseded");
      assertThat(ended.getString("outcome"))
          .contains("what would run is not what was approved")
          .contains("migrations/versions/005_step.py is another");
      assertThat(project.run("current")).contains("004");
      assertThat(TestDatabases.query(target, "SELECT '%s'::regtype".formatted(TYPE)))
          .containsExactly("serviceconnectionstatus");
    }
  }

  private JsonObject proposed(Api api) throws Exception {
    await().atMost(SOON).until(() -> api.eventTypes().contains("baseline.taken"));
    TestDatabases.run(
        target,
        "CREATE TYPE serviceconnectionstatus AS ENUM ('connected', 'disconnected', 'error')");
    assertThat(catchThrowable(() -> project.run("upgrade", "head")))
        .hasMessageContaining("type \"serviceconnectionstatus\" already exists");
    await().atMost(SOON).until(() -> api.proposed().isPresent());
    return api.proposed().orElseThrow();
  }

  private static Optional<JsonObject> issue(Api api, String code) {
    return api.get("/api/issues?state=open&code=" + code).getJsonArray("items").stream()
        .map(JsonObject.class::cast)
        .findFirst();
  }

  private static List<String> types(JsonObject task) {
    JsonArray steps = task.getJsonObject("plan").getJsonArray("steps");
    return steps.stream().map(JsonObject.class::cast).map(s -> s.getString("type")).toList();
  }
}
