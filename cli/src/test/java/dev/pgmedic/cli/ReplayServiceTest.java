package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A running service replays a project by the command that its configuration names. */
@Timeout(300)
class ReplayServiceTest {

  private static final String TOKEN = "a-token-of-the-tests-alone";

  // A server is made for it, and the tool runs once for each version.
  private static final Duration REPLAYED = Duration.ofMinutes(2);

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();
  @TempDir private Path folder;

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private AlembicProject project() throws IOException {
    assumeThat(AlembicProject.installed())
        .as("alembic is not installed here: apt install alembic python3-psycopg2")
        .isTrue();
    return AlembicProject.in(Files.createDirectory(folder.resolve("project")), url);
  }

  private Path config() throws IOException {
    return Files.writeString(
        folder.resolve("pgmedic.yaml"),
        """
        store: {url: "%s"}
        auth: {tokens: [{name: me, role: viewer, token: %s}]}
        targets:
          homelab:
            url: "%s"
            check_every: 500ms
            migrations:
              tool: alembic
              directory: project
              environment: {DATABASE_URL: "{url}"}
              replay: {command: [alembic, upgrade, "{version}"]}
        """
            .formatted(TestDatabases.fresh().reveal(), TOKEN, url.reveal()));
  }

  private static JsonObject replayed(Api api) {
    await().atMost(REPLAYED).until(() -> replay(api) != null);
    return replay(api);
  }

  private static JsonObject replay(Api api) {
    return api.get("/api/targets/homelab").getJsonObject("replay");
  }

  private Catalog catalog() {
    return new Checks(vertx).run(url).observation().orElseThrow().catalog();
  }

  /** Every row of every table, with the transaction that wrote it. */
  private List<String> rows() {
    List<String> rows = new ArrayList<>();
    for (String table :
        TestDatabases.query(
            url,
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                + " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1")) {
      rows.add(table);
      rows.addAll(TestDatabases.query(url, "SELECT xmin || ' ' || t::text FROM " + table + " t"));
    }
    return rows;
  }

  @Test
  void whatWasLostBeforeTheFirstLookIsHeldAgainstTheReplay() throws Exception {
    // Given
    AlembicProject project = project();
    assertThat(project.run("upgrade", "head")).doesNotContain("Error");
    project.followsItsEnvironment();
    TestDatabases.run(url, "INSERT INTO step_1 VALUES (7)", "DROP TABLE drive_backups");
    Catalog catalog = catalog();
    List<String> rows = rows();

    // When
    try (ServiceProcess service = ServiceProcess.up(config())) {
      Api api = service.api(TOKEN);
      JsonObject replay = replayed(api);

      // Then
      assertThat(replay.getString("outcome")).as(replay.encode()).isEqualTo("differs");
      await()
          .atMost(REPLAYED)
          .until(() -> source(api).equals("replay") && !api.health().getBoolean("healthy"));
      assertThat(api.health().getJsonArray("issues"))
          .singleElement()
          .asString()
          .startsWith("table.missing: public.drive_backups is gone; version 005 has it");
    }
    assertThat(catalog()).isEqualTo(catalog);
    assertThat(rows()).isEqualTo(rows);
  }

  private static String source(Api api) {
    JsonObject knownGood = api.health().getJsonObject("known_good");
    return knownGood == null ? "" : knownGood.getString("source");
  }

  @Test
  void aDefaultProjectIsNotReplayedItsTargetIsUntouchedAndTheErrorNamesItsSetting()
      throws Exception {
    // Given: its URL is in alembic.ini, and DATABASE_URL is ignored
    assertThat(project().run("upgrade", "004")).doesNotContain("Error");
    TestDatabases.run(url, "INSERT INTO step_1 VALUES (7)");
    Catalog catalog = catalog();
    List<String> rows = rows();

    // When
    try (ServiceProcess service = ServiceProcess.up(config())) {
      Api api = service.api(TOKEN);
      JsonObject replay = replayed(api);

      // Then
      assertThat(replay.getString("outcome")).isEqualTo("failed");
      assertThat(replay.getString("detail"))
          .contains("did not connect to the scratch database")
          .contains("it reads sqlalchemy.url of alembic.ini instead")
          .contains("nothing was replayed");
      await().atMost(REPLAYED).until(() -> api.health().getBoolean("healthy"));
      assertThat(source(api)).isEqualTo("baseline");
      assertThat(api.health().getJsonArray("issue_details"))
          .extracting(issue -> ((JsonObject) issue).getString("severity"))
          .containsOnly("info");
    }
    assertThat(catalog()).isEqualTo(catalog);
    assertThat(rows()).isEqualTo(rows);
  }
}
