package dev.pgmedic.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.plan.PlanOutcome;
import dev.pgmedic.plan.Planner;
import dev.pgmedic.plan.RecoveryPlan;
import dev.pgmedic.proposal.Proposer;
import dev.pgmedic.store.Baselines;
import dev.pgmedic.store.Decision;
import dev.pgmedic.store.Issues;
import dev.pgmedic.store.QuarantineOrigins;
import dev.pgmedic.store.Reports;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.TaskConflict;
import dev.pgmedic.store.Tasks;
import dev.pgmedic.store.Undos;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.Expectation;
import dev.pgmedic.target.Migrations;
import dev.pgmedic.target.Policy;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Recovery;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.Terms;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a recovery moved out of the way comes back when somebody says so, by a plan of its own. */
@Timeout(120)
class UndoTest {

  private static final String TABLE = "public.\"no; tes\"";

  private final Vertx vertx = Vertx.vertx();
  private final Checks checks = new Checks(vertx);
  private final PostgresUrl url = TestDatabases.fresh();
  private final Store store = Store.open(vertx, TestDatabases.fresh()).await();
  private final Tasks tasks = new Tasks(store);
  private final Undos undos = new Undos(store);
  private final Baselines baselines = new Baselines(store);
  private Target target = Target.of("shop", url);

  @BeforeEach
  void addATableByHand() {
    String owner = TestDatabases.role(url);
    String recovery = TestDatabases.role(url, owner);
    TestDatabases.run(
        url,
        "GRANT CREATE ON DATABASE " + url.database() + " TO " + recovery,
        "GRANT CREATE ON SCHEMA public TO " + owner,
        "CREATE TABLE team (id int PRIMARY KEY)",
        "ALTER TABLE team OWNER TO " + owner);
    target =
        new Target(
            "shop",
            url,
            Map.of(),
            Migrations.DETECTED,
            Expectation.NONE,
            Optional.of(new Recovery(TestDatabases.as(url, recovery), List.of())),
            Target.DEFAULT_CHECK_EVERY,
            Deadlines.DEFAULT);
    KnownGood good = checks.knownGood(url);
    new Reports(store).register(List.of(target)).await();
    assertThat(
            baselines
                .save(
                    "shop",
                    new Baselines.NewBaseline(
                        Optional.empty(), false, good.catalog(), good.script(), List.of()),
                    Optional.empty())
                .await())
        .isTrue();
    TestDatabases.run(
        url,
        "CREATE TABLE " + TABLE + " (id serial PRIMARY KEY, team int REFERENCES team)",
        "INSERT INTO " + TABLE + " (team) SELECT NULL FROM generate_series(1, 30)",
        "ALTER TABLE " + TABLE + " OWNER TO " + owner);
    vertx
        .deployVerticle(
            new RecoveryWorkerVerticle(
                store, List.of(target), Checks.LOCK_PAUSE, Duration.ofSeconds(5)))
        .await();
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private List<String> tables() {
    return TestDatabases.query(
        url,
        "SELECT regexp_replace(schemaname, '_q_.*', '') || ' ' || tablename FROM pg_tables"
            + " WHERE schemaname !~ '^(pg_|information)' OR schemaname ~ '^pgmedic' ORDER BY 1");
  }

  private RecoveryPlan plan() {
    Diagnosis diagnosis = checks.run(target, version -> baselines.find("shop", version));
    assertThat(new Issues(store).record(target, diagnosis).await().target()).isEqualTo("shop");
    Planner planner = Proposer.planner(target, diagnosis, diagnosis.findings()).orElseThrow();
    PlanOutcome outcome = new Proposer(vertx).plan(target, diagnosis, planner).await();
    return ((PlanOutcome.Planned) outcome).plan();
  }

  private RecoveryTask healed() {
    return ended(tasks.propose(plan()).await().orElseThrow());
  }

  /** Approves a task and waits for its end. */
  private RecoveryTask ended(RecoveryTask task) {
    Decision yes = new Decision("jarvis", "token", task.plan().digest(), "go", false);
    UUID id = tasks.approve(task.id(), yes).await().orElseThrow().id();
    return untilEnded(id).await();
  }

  private Future<RecoveryTask> untilEnded(UUID id) {
    return tasks
        .find(id)
        .compose(task ->
            task.orElseThrow().state().open()
                ? vertx.timer(50).compose(waited -> untilEnded(id))
                : Future.succeededFuture(task.get()));
  }

  private Undos.Undo undo(RecoveryTask task) {
    return undos
        .propose(task.id(), Terms.of(Policy.DEFAULT, List.of("root")))
        .await()
        .orElseThrow();
  }

  @Test
  void whatWasMovedComesBackWithItsRowsAndGoesAgain() {
    // Given
    RecoveryTask moved = healed();
    assertThat(moved.state().label()).as(moved.toString()).isEqualTo("succeeded");
    assertThat(tables()).containsExactly("pgmedic no; tes", "public team");

    // When
    Undos.Undo undo = undo(moved);
    Undos.Undo asked = undo(moved);
    RecoveryTask back = ended(undo.task());

    // Then
    assertThat(undo.made()).isTrue();
    assertThat(asked.made()).isFalse();
    assertThat(asked.task().id()).isEqualTo(undo.task().id());
    assertThat(back.undoOf()).contains(moved.id());
    assertThat(back.terms().requestedBy()).containsExactly("root");
    assertThat(back.state().label()).as(back.toString()).isEqualTo("succeeded");
    assertThat(tables()).containsExactly("public no; tes", "public team");
    assertThat(TestDatabases.query(url, "SELECT count(DISTINCT id) FROM " + TABLE))
        .containsExactly("30");
    assertThatThrownBy(() -> undo(moved))
        .isInstanceOf(TaskConflict.class)
        .hasMessageContaining("taken back already");
    RecoveryTask again = ended(undo(back).task());
    assertThat(again.state().label()).as(again.toString()).isEqualTo("succeeded");
    assertThat(tables()).containsExactly("pgmedic no; tes", "public team");
  }

  @Test
  void nothingIsTakenBackOverWhatCameInItsPlace() {
    // Given
    RecoveryTask moved = healed();
    TestDatabases.run(url, "CREATE TABLE " + TABLE + " (other text)");

    // When
    RecoveryTask back = ended(undo(moved).task());

    // Then
    assertThat(back.state().label()).isEqualTo("failed");
    assertThat(tables()).containsExactly("pgmedic no; tes", "public no; tes", "public team");
    assertThat(TestDatabases.query(url, "SELECT count(*) FROM " + TABLE)).containsExactly("0");
  }

  @Test
  void theStoreKnowsWhereAQuarantineComesFrom() {
    // Given
    RecoveryTask moved = healed();

    // When
    Map<String, QuarantineOrigins.Origin> origins = new QuarantineOrigins(store).of("shop").await();

    // Then
    assertThat(origins).hasSize(1);
    assertThat(origins.values().iterator().next().task()).isEqualTo(moved.id());
    assertThat(TestDatabases.query(url, "SELECT nspname FROM pg_namespace WHERE nspname ~ '_q_'"))
        .containsExactlyElementsOf(origins.keySet());
  }

  @Test
  void whatCannotBeTakenBackIsNamedAndWhatIsOpenIsNotTakenBack() {
    // Given
    RecoveryTask waits = tasks.propose(plan()).await().orElseThrow();

    // When
    assertThatThrownBy(() -> undo(waits))
        // Then
        .isInstanceOf(TaskConflict.class)
        .hasMessageContaining("awaiting_approval");
    assertThat(ended(waits).state().label()).isEqualTo("succeeded");
    TestDatabases.run(url, "DROP TABLE team CASCADE");
    RecoveryTask lost = tasks.propose(plan()).await().orElseThrow();
    assertThatThrownBy(() -> undo(waits))
        .isInstanceOf(TaskConflict.class)
        .hasMessageContaining("is open; decide it first");
    Decision yes = new Decision("jarvis", "token", lost.plan().digest(), "go", true);
    UUID id = tasks.approve(lost.id(), yes).await().orElseThrow().id();
    RecoveryTask rebuilt = untilEnded(id).await();
    assertThat(rebuilt.state().label()).as(rebuilt.toString()).isEqualTo("succeeded");
    assertThatThrownBy(() -> undo(rebuilt))
        .isInstanceOf(TaskConflict.class)
        .hasMessageContaining("no way back from step 1 (Rebuild public.team from known-good)");
    assertThat(undos.propose(UUID.randomUUID(), Terms.DEFAULT).await()).isEmpty();
  }
}
