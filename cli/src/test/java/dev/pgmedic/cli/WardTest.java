package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.api.ApiOptions;
import dev.pgmedic.config.Config;
import dev.pgmedic.config.ConfigReader;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every case of the ward: a healthy database is broken, and a running service finds the issues that
 * must come and no others.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WardTest {

  private static final String TOKEN = "a-token-of-the-ward-alone";
  private static final Duration SOON = Duration.ofSeconds(20);

  private final List<WardCase> cases = WardCase.all();
  private final Vertx vertx = Vertx.vertx();
  private final Map<String, WardPatient> patients = new LinkedHashMap<>();
  private final WardPage page = new WardPage();
  private Api api;

  @BeforeAll
  void admit(@TempDir Path folder) throws IOException {
    for (WardCase ward : cases.stream().filter(WardCase::possible).toList()) {
      Path files = Files.createDirectories(folder.resolve(ward.name()));
      WardPatient patient = new WardPatient(ward, files);
      patient.makeHealthy();
      patients.put(ward.name(), patient);
    }
    Config config = new ConfigReader(name -> Optional.empty()).read(config(folder));
    Node node =
        Node.start(
                vertx,
                TestDatabases.fresh(),
                new Node.Parts(
                    Node.Role.ALL,
                    config.targets(),
                    new ApiOptions(config.http(), config.auth()),
                    new Node.Patience(Duration.ofSeconds(2), Duration.ofSeconds(15))))
            .await();
    api = new Api("http://127.0.0.1:" + node.port(), TOKEN);
  }

  // JSON is YAML. Nothing is checked but when a case says so.
  private Path config(Path folder) throws IOException {
    JsonObject targets = new JsonObject();
    for (WardPatient patient : patients.values()) {
      WardCase ward = patient.ward();
      JsonObject target = new JsonObject();
      target.put("url", patients.get(ward.name()).url().reveal()).put("check_every", "24h");
      if (!ward.migrations().isEmpty()) {
        target.put("migrations", migrations(ward));
      }
      if (!ward.expect().isEmpty()) {
        target.put("expect", new JsonObject(ward.expect()));
      }
      targets.put(ward.name(), target);
    }
    JsonObject token =
        new JsonObject().put("name", "ward").put("role", "admin").put("token", TOKEN);
    JsonObject config =
        new JsonObject()
            .put("http", new JsonObject().put("listen", "127.0.0.1:0"))
            .put("auth", new JsonObject().put("tokens", new JsonArray().add(token)))
            .put("targets", targets);
    return Files.writeString(folder.resolve("pgmedic.yaml"), config.encodePrettily());
  }

  private JsonObject migrations(WardCase ward) {
    JsonObject migrations = new JsonObject(new LinkedHashMap<>(ward.migrations()));
    if (migrations.containsKey("directory")) {
      Path files = patients.get(ward.name()).folder().resolve(migrations.getString("directory"));
      migrations.put("directory", files.normalize().toString());
    }
    return migrations;
  }

  @AfterAll
  void discharge() throws IOException {
    if (Boolean.getBoolean("pgmedic.write")) {
      page.write();
    }
    vertx.close().await();
    patients.values().forEach(WardPatient::close);
  }

  @TestFactory
  Stream<DynamicTest> everyCaseIsFoundAndNothingElse() {
    return cases.stream()
        .map(ward -> DynamicTest.dynamicTest(ward.name(), () -> isFoundAndNothingElse(ward)));
  }

  private void isFoundAndNothingElse(WardCase ward) {
    // Given
    assumeThat(patients).as("what it needs: " + ward.needs()).containsKey(ward.name());
    WardPatient patient = patients.get(ward.name());
    if (!ward.brokenBefore()) {
      await().atMost(SOON).until(() -> hasKnownGood(check(ward)));
      assertThat(alarms(ward)).as("the healthy database").isEmpty();
    }

    // When
    patient.breakIt();
    List<String> expected = ward.issues().stream().map(patient::named).toList();
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(found(ward)).containsExactlyInAnyOrderElementsOf(expected));

    // Then
    assertThat(found(ward)).as("again").containsExactlyInAnyOrderElementsOf(expected);
    page.add(ward, patient.says(), issues(ward).toList());
    patient.close();
  }

  @Test
  void theDocumentTellsOfEveryCase() throws IOException {
    // Given
    assumeThat(Boolean.getBoolean("pgmedic.write")).as("it is being written").isFalse();

    // When
    List<String> told = Files.readAllLines(WardPage.FILE);

    // Then
    for (WardCase ward : cases) {
      assertThat(told).as("docs/ward.md; make ward writes it").contains("## " + ward.name());
      assertThat(told).contains(ward.title() + ".");
    }
  }

  private JsonObject check(WardCase ward) {
    return new JsonObject(api.send("POST", "/api/targets/" + ward.name() + "/check", "").body());
  }

  private static boolean hasKnownGood(JsonObject report) {
    return report.getJsonObject("known_good") != null;
  }

  private List<String> found(WardCase ward) {
    assertThat(check(ward).getString("target")).isEqualTo(ward.name());
    return issues(ward).map(WardTest::title).toList();
  }

  private List<String> alarms(WardCase ward) {
    return issues(ward)
        .filter(issue -> !issue.getString("severity").equals("info"))
        .map(WardTest::title)
        .toList();
  }

  private Stream<JsonObject> issues(WardCase ward) {
    JsonObject page = api.get("/api/issues?state=open&limit=200&target=" + ward.name());
    return page.getJsonArray("items").stream().map(JsonObject.class::cast);
  }

  private static String title(JsonObject issue) {
    return issue.getString("code") + " " + issue.getString("subject");
  }
}
