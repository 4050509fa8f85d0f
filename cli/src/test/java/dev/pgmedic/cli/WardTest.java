package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.api.ApiOptions;
import dev.pgmedic.config.Config;
import dev.pgmedic.config.ConfigReader;
import dev.pgmedic.testing.Sample;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
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
 * must come and no others. Each of them is healed, or the API says what a person must decide. A
 * build takes 48 of them; {@code -Pexhaustive}, a pattern in {@code -Dpgmedic.ward} and writing the
 * page take all.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WardTest {

  private static final String TOKEN = "a-token-of-the-ward-alone";
  private static final boolean WRITE = Boolean.getBoolean("pgmedic.write");
  private static final Pattern ONLY = Pattern.compile(System.getProperty("pgmedic.ward", ""));
  private static final int SAMPLE = 48;
  private static final Duration SOON = Duration.ofSeconds(60);

  // One is replayed at a time, and the first waits for a server to be made.
  private static final Duration REPLAYED = Duration.ofSeconds(60);

  // Two cores, and half of a case is waiting.
  private static final int AT_ONCE = 4;

  private final List<WardCase> cases = cases();
  private final Vertx vertx = Vertx.vertx();
  private final Map<String, WardPatient> patients = new ConcurrentSkipListMap<>();
  private final Map<String, Future<?>> treated = new HashMap<>();
  private final ExecutorService staff = Executors.newFixedThreadPool(AT_ONCE);
  private WardPage page;
  private Api api;
  private Node node;

  @BeforeAll
  void admit(@TempDir Path folder) throws Exception {
    page = WardPage.read();
    page.keep(WardCase.all().stream().map(WardCase::name).toList());
    WardHealthy healthy = new WardHealthy();
    List<Future<?>> admitted = new ArrayList<>();
    for (WardCase ward : cases) {
      admitted.add(staff.submit(() -> admit(ward, folder, healthy)));
    }
    for (Future<?> one : admitted) {
      var unused = one.get();
    }
    Path config = WardConfig.write(folder, TOKEN, Optional.empty(), patients.values());
    start(new ConfigReader(name -> Optional.empty()).read(config));
    cases.stream()
        .filter(ward -> patients.containsKey(ward.name()))
        .forEach(ward -> treated.put(ward.name(), staff.submit(() -> treat(ward))));
  }

  private static List<WardCase> cases() {
    List<WardCase> cases =
        WardCase.all().stream().filter(ward -> ONLY.matcher(ward.name()).find()).toList();
    return WRITE || !ONLY.pattern().isEmpty() ? cases : Sample.of(cases, SAMPLE);
  }

  private void admit(WardCase ward, Path folder, WardHealthy healthy) {
    if (ward.possible()) {
      patients.put(ward.name(), healthy.admit(ward, ward.folderIn(folder)));
    } else {
      System.out.println("ward: " + ward.name() + " is skipped; it needs " + ward.needs().get());
    }
  }

  private void start(Config config) {
    node =
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

  @AfterAll
  void discharge() throws IOException {
    staff.shutdown();
    if (WRITE) {
      page.write(WardCase.all());
    }
    node.stop().await();
    vertx.close().await();
    patients.values().forEach(WardPatient::close);
  }

  @TestFactory
  Stream<DynamicTest> everyCaseIsFoundAndNothingElse() {
    return cases.stream()
        .map(ward -> DynamicTest.dynamicTest(ward.name(), () -> isFoundAndNothingElse(ward)));
  }

  private void isFoundAndNothingElse(WardCase ward) throws Exception {
    assumeThat(treated).as("what it needs: " + ward.needs()).containsKey(ward.name());
    try {
      var unused = treated.get(ward.name()).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AssertionError failed) {
        throw failed;
      }
      throw e;
    }
  }

  private void treat(WardCase ward) {
    // Given
    WardPatient patient = patients.get(ward.name());
    if (!ward.brokenBefore()) {
      await().atMost(SOON).until(() -> hasKnownGood(check(ward)));
      replayed(ward);
      assertThat(alarms(ward)).as("the healthy database").isEmpty();
    }

    // When
    patient.breakIt(() -> assertThat(alarmsNow(ward)).as("while it is at work").isEmpty());
    replayed(ward);
    List<String> expected = ward.issues().stream().map(patient::named).toList();
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(found(ward)).containsExactlyInAnyOrderElementsOf(expected));

    // Then
    assertThat(found(ward)).as("again").containsExactlyInAnyOrderElementsOf(expected);
    WardHealing healing = new WardHealing(api, patient);
    healing.leaveToPersons();
    tell(ward, patient); // what the tool is asked may change the database
    healing.heal();
    patient.close();
  }

  // The tool itself is asked when the page is written; what we say is held in step at every run.
  private void tell(WardCase ward, WardPatient patient) {
    List<JsonObject> issues = issues(ward).toList();
    if (WRITE) {
      page.tell(ward, patient.says(), issues);
      return;
    }
    assertThat(page.entry(ward.name()))
        .as("docs/ward.md; make ward writes it")
        .startsWith(WardPage.head(ward))
        .endsWith(WardPage.ours(issues));
  }

  @Test
  void theDocumentTellsOfEveryCase() {
    assumeThat(WRITE).as("it is being written").isFalse();
    assertThat(cases.stream().filter(ward -> !page.tells(ward)).map(WardCase::name))
        .as("told of in docs/ward.md; make ward writes it")
        .isEmpty();
    assertThat(page.counts(WardCase.all())).as("its head; make ward writes it").isTrue();
  }

  private JsonObject check(WardCase ward) {
    return new JsonObject(api.send("POST", "/api/targets/" + ward.name() + "/check", "").body());
  }

  private void replayed(WardCase ward) {
    if (ward.replay().isPresent()) {
      await().atMost(REPLAYED).until(() -> isReplayed(ward));
    }
  }

  private boolean isReplayed(WardCase ward) {
    assertThat(check(ward).getString("target")).isEqualTo(ward.name());
    JsonObject replay = api.get("/api/targets/" + ward.name()).getJsonObject("replay");
    return replay != null && ward.replay().equals(Optional.of(replay.getString("outcome")));
  }

  private static boolean hasKnownGood(JsonObject report) {
    return report.getJsonObject("known_good") != null;
  }

  private List<String> found(WardCase ward) {
    assertThat(check(ward).getString("target")).isEqualTo(ward.name());
    return issues(ward).map(WardTest::title).toList();
  }

  private List<String> alarmsNow(WardCase ward) {
    assertThat(check(ward).getString("target")).isEqualTo(ward.name());
    return alarms(ward);
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
