package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.plan.action.StepType;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.Sample;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SIGKILL of the service before, within and after each step of each plan: the next one ends the
 * task, nothing is done twice, and no row is lost. What is done is counted in the target itself. A
 * build takes a few at random; {@code -Pexhaustive} takes all, and {@code -Dpgmedic.ward} those of
 * some cases. Each has a seed of its own, which its name tells and {@code -Dpgmedic.seed} gives to
 * all.
 */
@Timeout(300)
class CrashMatrixTest {

  private static final String TOKEN = "a-token-of-the-tests-alone";
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Pattern ONLY = Pattern.compile(System.getProperty("pgmedic.ward", ""));
  private static final int SAMPLE = 2;

  @TempDir private Path folder;
  private final PostgresUrl store = TestDatabases.fresh();

  /** When the service is killed. */
  enum Moment {
    /** The step before is written down as done, and this one is about to be as begun. */
    BEFORE,
    /** It is at work, and stands before a gate in the target. */
    WITHIN,
    /** It is done, and about to be written down as that. */
    AFTER,
    /** It is written down as done, and the task is about to be ended. */
    WRITTEN
  }

  record Crash(CrashedPlan plan, int step, Moment moment, long seed) {
    StepType type() {
      return plan.type(step);
    }

    // Nobody can look whether a service was restarted.
    boolean leavesDoubt() {
      return type() == StepType.RESTART_SERVICE
          && (moment == Moment.WITHIN || moment == Moment.AFTER);
    }
  }

  static Stream<Crash> crashes() {
    Random random = new Random();
    List<Crash> all = new ArrayList<>();
    for (CrashedPlan plan : CrashedPlan.ALL) {
      for (int step = 1; step <= plan.steps().size(); step++) {
        for (Moment moment : Moment.values()) {
          // Between two steps the one before is written down and the next is not begun.
          if (moment != Moment.WRITTEN || step == plan.steps().size()) {
            long seed = Long.getLong("pgmedic.seed", random.nextLong());
            all.add(new Crash(plan, step, moment, seed));
          }
        }
      }
    }
    List<Crash> possible =
        all.stream()
            .filter(crash -> ONLY.matcher(crash.plan().name()).find())
            .filter(crash -> crash.plan().ward().possible())
            .toList();
    return ONLY.pattern().isEmpty() ? Sample.of(possible, SAMPLE).stream() : possible.stream();
  }

  @Test
  void everyTypeOfStepIsAmongThem() {
    // When
    Set<StepType> types = EnumSet.noneOf(StepType.class);
    CrashedPlan.ALL.forEach(plan -> types.addAll(plan.steps()));

    // Then
    assertThat(types).containsExactlyInAnyOrder(StepType.values());
  }

  @ParameterizedTest
  @MethodSource("crashes")
  void theNextServiceEndsTheTaskAndDoesNothingTwice(Crash crash) throws Exception {
    // Given
    WardCase ward = crash.plan().ward();
    assumeThat(ward.possible()).as("what it needs: " + ward.needs()).isTrue();
    try (WardPatient patient = new WardHealthy().admit(ward, ward.folderIn(folder))) {
      Path config =
          WardConfig.write(folder, TOKEN, Optional.of(store), List.of(patient), restarts(crash));

      // When
      Crashed crashed = crashed(crash, patient, config);
      TestDatabases.run(
          store,
          "UPDATE pgmedic.recovery_task SET lease_until = now() WHERE lease_until IS NOT NULL");

      // Then
      try (ServiceProcess service = ServiceProcess.up(config)) {
        if (crashed.gate().isPresent()) {
          crashed.gate().get().openOnceLeft();
        }
        assertEnded(crash, crashed, patient, service.api(TOKEN));
      }
    }
  }

  /**
   * What a killed service left behind.
   *
   * @param rows those that were there before, of every table
   * @param done what was done until then
   * @param gate one that is still shut
   */
  private record Crashed(
      String task, Optional<WardRows> rows, List<String> done, Optional<TargetGate> gate) {}

  private Crashed crashed(Crash crash, WardPatient patient, Path config) throws Exception {
    Effects effects = new Effects(patient.url());
    try (ServiceProcess service = ServiceProcess.up(config)) {
      Api api = service.api(TOKEN);
      broken(api, patient);
      WardHealing healing = new WardHealing(api, patient);
      Optional<WardRows> rows = healing.rows();
      JsonObject task = task(crash, api, healing);
      assertThat(types(task)).isEqualTo(crash.plan().steps());
      effects.watch();
      Optional<TargetGate> gate =
          killed(service, crash, patient, () -> assertThat(approved(api, task)).isEqualTo(200));
      return new Crashed(task.getString("id"), rows, effects.all(), gate);
    }
  }

  private static JsonObject task(Crash crash, Api api, WardHealing healing) {
    String issue = crash.plan().ward().heals().get(0);
    if (!crash.plan().takesBack()) {
      return healing.proposed(issue);
    }
    JsonObject healed = api.ended(healing.approved(issue).getString("id"));
    WardHealing.assertSucceeded(healed);
    String undo = "/api/recovery-tasks/" + healed.getString("id") + "/undo";
    return new JsonObject(api.send("POST", undo, "").body());
  }

  private static int approved(Api api, JsonObject task) {
    return api.approve(task, true).statusCode();
  }

  private static List<StepType> types(JsonObject task) {
    return task.getJsonObject("plan").getJsonArray("steps").stream()
        .map(step -> StepType.of(((JsonObject) step).getString("type")))
        .toList();
  }

  /** Kills the service; what comes back is a gate that is to stay shut until somebody took over. */
  private Optional<TargetGate> killed(
      ServiceProcess service, Crash crash, WardPatient patient, Runnable approve) throws Exception {
    if (crash.moment() == Moment.WITHIN) {
      return killedWithin(service, crash, patient, approve);
    }
    try (StoreGate gate = storeGate(crash)) {
      approve.run();
      gate.reached();
      service.kill();
    }
    return Optional.empty();
  }

  private StoreGate storeGate(Crash crash) throws Exception {
    return switch (crash.moment()) {
      case BEFORE, WITHIN -> StoreGate.at(store, crash.step(), "= 'running'");
      case AFTER -> StoreGate.at(store, crash.step(), "<> 'running'");
      case WRITTEN -> StoreGate.atTheEnd(store);
    };
  }

  private Optional<TargetGate> killedWithin(
      ServiceProcess service, Crash crash, WardPatient patient, Runnable approve) throws Exception {
    TargetGate gate;
    try (StoreGate before = storeGate(crash)) {
      approve.run();
      before.reached();
      gate = TargetGate.shut(patient.url(), store, waiting(), crash.type());
    }
    gate.reached();
    service.kill();
    // Either the server goes on with what nobody waits for any more, or it is found still waiting.
    if (new Random(crash.seed()).nextBoolean() || !gate.letsLooksPass()) {
      gate.close();
      return Optional.empty();
    }
    return Optional.of(gate);
  }

  private void assertEnded(Crash crash, Crashed crashed, WardPatient patient, Api api)
      throws Exception {
    JsonObject ended = api.ended(crashed.task());
    if (crash.leavesDoubt()) {
      assertThat(ended.getString("state")).isEqualTo("failed");
      assertThat(ended.getString("outcome")).contains("Restart", "nobody knows whether it ran");
    } else {
      WardHealing.assertSucceeded(ended);
    }
    Effects effects = new Effects(patient.url());
    effects.assertNoneTwice();
    effects.assertNothingHalf();
    if (crash.moment() == Moment.AFTER || crash.moment() == Moment.WRITTEN) {
      List<String> since = new ArrayList<>(effects.all());
      assertThat(since).as("what was done stays as it was").containsAll(crashed.done());
    }
    assertRestarts(crash);
    WardHealing healing = new WardHealing(api, patient);
    if (crash.plan().takesBack()) {
      crashed.rows().ifPresent(were -> assertThat(were.lost()).as("rows not there").isEmpty());
    } else {
      healing.assertHealed(crash.plan().ward().heals().subList(0, 1), crashed.rows());
    }
    assertThat(
            TestDatabases.query(
                patient.url(),
                "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'pgmedic/%'"
                    + " AND datname = current_database()"))
        .as("sessions of a recovery")
        .isEmpty();
  }

  private Path waiting() {
    return folder.resolve("waiting");
  }

  // It says that it begins, waits as long as the gate is shut, and then leaves a line behind.
  private List<List<String>> restarts(Crash crash) {
    String script =
        "touch restarting; while [ -e waiting ]; do sleep 0.1; done; echo restarted >> restarts";
    return crash.plan().restarts()
        ? List.of(List.of("sh", "-c", "cd " + folder + " && " + script))
        : List.of();
  }

  private void assertRestarts(Crash crash) throws Exception {
    if (!crash.plan().restarts()) {
      return;
    }
    Path restarts = folder.resolve("restarts");
    List<String> done = Files.exists(restarts) ? Files.readAllLines(restarts) : List.of();
    boolean endedWithin = crash.leavesDoubt() && crash.moment() == Moment.WITHIN;
    assertThat(done).as("restarts").hasSizeBetween(endedWithin ? 0 : 1, 1);
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
