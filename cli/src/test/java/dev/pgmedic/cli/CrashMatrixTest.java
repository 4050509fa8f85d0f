package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SIGKILL of the service before, within and after each step of a plan: the next one ends the task,
 * and the database of the ward is as healed as if nothing had happened. A build takes a few at
 * random and names the seed ({@code -Dpgmedic.seed}); {@code -Pexhaustive} takes all.
 */
@Timeout(300)
class CrashMatrixTest {

  private static final String TOKEN = "a-token-of-the-tests-alone";
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int SAMPLE = 3;
  private static final int MOST_STEPS = 4;
  private static final int LONGEST_STEP_NANOS = 40_000_000;

  @TempDir private Path folder;
  private final PostgresUrl store = TestDatabases.fresh();

  /** When the service is killed. */
  enum Moment {
    /** The step is about to be written down as begun. */
    BEFORE,
    /** It is written down, and some milliseconds of it may have passed. */
    WITHIN,
    /** It is done, and about to be written down as that. */
    AFTER
  }

  record Crash(String ward, int step, Moment moment, long seed) {}

  static Stream<Crash> crashes() {
    long seed = Long.getLong("pgmedic.seed", System.nanoTime());
    Random random = new Random(seed);
    List<Crash> all = new ArrayList<>();
    for (WardCase ward : WardCase.all()) {
      if (!ward.heals().isEmpty()
          && ward.heals().stream().noneMatch(i -> i.startsWith("session"))) {
        for (int step = 1; step <= MOST_STEPS; step++) {
          for (Moment moment : Moment.values()) {
            all.add(new Crash(ward.name(), step, moment, seed));
          }
        }
      }
    }
    if (Boolean.getBoolean("pgmedic.exhaustive")) {
      return all.stream();
    }
    // Every plan has a first step and one that verifies.
    return random
        .ints(0, all.size())
        .mapToObj(all::get)
        .filter(crash -> crash.step() <= 2 && possible(crash.ward()))
        .distinct()
        .limit(SAMPLE);
  }

  private static WardCase ward(String name) {
    return WardCase.all().stream().filter(ward -> ward.name().equals(name)).findFirst().get();
  }

  private static boolean possible(String name) {
    return ward(name).possible();
  }

  @ParameterizedTest
  @MethodSource("crashes")
  void theNextServiceEndsTheTask(Crash crash) throws Exception {
    // Given
    WardCase ward = ward(crash.ward());
    assumeThat(ward.possible()).as("what it needs: " + ward.needs()).isTrue();
    WardPatient patient = new WardHealthy().admit(ward, ward.folderIn(folder));
    Path config = WardConfig.write(folder, TOKEN, Optional.of(store), List.of(patient));
    String issue = ward.heals().get(0);

    // When
    String task;
    Map<String, String> rows;
    try (ServiceProcess service = ServiceProcess.up(config)) {
      Api api = service.api(TOKEN);
      broken(api, patient);
      WardHealing healing = new WardHealing(api, patient);
      rows = healing.rows();
      JsonObject proposed = healing.proposed(issue);
      int steps = proposed.getJsonObject("plan").getJsonArray("steps").size();
      assumeThat(crash.step()).as("the plan has %d steps", steps).isLessThanOrEqualTo(steps);
      task = proposed.getString("id");
      killed(service, crash, () -> assertThat(healing.approved(issue)).isNotNull());
    }
    TestDatabases.run(
        store,
        "UPDATE pgmedic.recovery_task SET lease_until = now() WHERE lease_until IS NOT NULL");

    // Then
    try (ServiceProcess service = ServiceProcess.up(config)) {
      Api api = service.api(TOKEN);
      WardHealing.assertSucceeded(api.ended(task));
      new WardHealing(api, patient).assertHealed(List.of(issue), rows);
      assertThat(
              TestDatabases.query(
                  patient.url(),
                  "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'pgmedic/%'"
                      + " AND datname = current_database()"))
          .as("sessions of a recovery")
          .isEmpty();
    }
    patient.close();
  }

  private void killed(ServiceProcess service, Crash crash, Runnable approve) throws Exception {
    String states = crash.moment() == Moment.AFTER ? "<> 'running'" : "= 'running'";
    if (crash.moment() == Moment.WITHIN) {
      approve.run();
      String begun = "SELECT 1 FROM pgmedic.step_run WHERE index = " + crash.step();
      await()
          .pollInterval(Duration.ofMillis(2))
          .atMost(SOON)
          .until(() -> !TestDatabases.query(store, begun).isEmpty());
      LockSupport.parkNanos(new Random(crash.seed()).nextInt(LONGEST_STEP_NANOS));
      service.kill();
      return;
    }
    try (StoreGate gate = StoreGate.at(store, crash.step(), states)) {
      approve.run();
      gate.reached();
      service.kill();
    }
  }

  private static void broken(Api api, WardPatient patient) {
    WardCase ward = patient.ward();
    String check = "/api/targets/" + ward.name() + "/check";
    if (!ward.brokenBefore()) {
      await()
          .atMost(SOON)
          .until(() ->
              new JsonObject(api.send("POST", check, "").body()).getJsonObject("known_good")
                  != null);
      replayed(api, ward, check);
    }
    patient.breakIt(() -> {});
    replayed(api, ward, check);
    String issue = patient.named(ward.heals().get(0));
    await()
        .atMost(SOON)
        .until(() -> {
          String report = api.send("POST", check, "").body();
          return new JsonObject(report)
              .getJsonArray("issue_details").stream()
                  .map(JsonObject.class::cast)
                  .anyMatch(found ->
                      issue.equals(found.getString("code") + " " + found.getString("subject")));
        });
  }

  private static void replayed(Api api, WardCase ward, String check) {
    ward.replay()
        .ifPresent(outcome ->
            await()
                .atMost(SOON)
                .until(() -> {
                  assertThat(api.send("POST", check, "").statusCode()).isEqualTo(200);
                  JsonObject replay =
                      api.get("/api/targets/" + ward.name()).getJsonObject("replay");
                  return replay != null && outcome.equals(replay.getString("outcome"));
                }));
  }
}
