package dev.pgmedic.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.plan.RecoveryPlan;
import dev.pgmedic.store.Claims.End;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.TaskState.Running;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ends sessions waits beside what changes the schema; one of them runs at a time. */
@Timeout(180)
class LanesTest {

  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Finding BLOCKING =
      Incidents.finding(IssueCode.SESSION_BLOCKING, "session 7", "it blocks a migration");
  private static final Finding LEFTOVER =
      Incidents.finding(IssueCode.ENUM_LEFTOVER, "public.left_over", "is left over");

  private final Vertx vertx = Vertx.vertx();
  private final Incidents incidents = new Incidents(vertx);
  private final Tasks tasks = incidents.tasks;

  @AfterEach
  void close() {
    incidents.store.close().await();
    vertx.close().await();
  }

  /** The plan of the incident, as if it healed these. */
  private RecoveryPlan plan(Finding... heals) {
    RecoveryPlan plan = incidents.plan();
    return new RecoveryPlan(
        plan.target(),
        plan.identity(),
        plan.digest(),
        plan.fingerprint(),
        plan.summary(),
        Stream.of(heals).map(Finding::key).toList(),
        plan.dataLoss(),
        plan.steps(),
        plan.notPinned());
  }

  private RecoveryTask proposed(Finding... heals) {
    incidents.issues.record(incidents.target, incidents.diagnosis(BLOCKING, LEFTOVER)).await();
    return tasks.propose(plan(heals)).await().orElseThrow();
  }

  private RecoveryTask approve(RecoveryTask task) {
    Decision yes = Incidents.decision(task.plan().digest(), false);
    return tasks.approve(task.id(), yes).await().orElseThrow();
  }

  private Future<Optional<Claim>> claim() {
    return incidents.claims.claim(UUID.randomUUID(), LEASE, List.of(incidents.target));
  }

  private List<UUID> open() {
    return tasks.open(Incidents.TARGET).await().stream().map(RecoveryTask::id).toList();
  }

  @Test
  void whatEndsASessionIsApprovedAndRunsWhileTheOtherWaits() {
    // Given
    RecoveryTask schema = proposed(LEFTOVER);
    RecoveryTask sessions = proposed(BLOCKING);

    // When
    String state = approve(sessions).state().label();
    Claim claim = claim().await().orElseThrow();

    // Then
    assertThat(state).isEqualTo("approved");
    assertThat(claim.task().id()).isEqualTo(sessions.id());
    assertThat(open()).containsExactlyInAnyOrder(schema.id(), sessions.id());
  }

  @Test
  void theOneIsNotStartedWhileTheOtherRuns() {
    // Given
    RecoveryTask schema = approve(proposed(LEFTOVER));
    RecoveryTask sessions = approve(proposed(BLOCKING));

    // When
    Claim first = claim().await().orElseThrow();
    Optional<Claim> beside = claim().await();
    End end = End.failed(new Running(), "no luck");
    incidents.claims.finish(first, end, incidents.target, Optional.empty()).await();
    Optional<Claim> second = claim().await();

    // Then
    assertThat(first.task().id()).isEqualTo(sessions.id()); // of a higher priority
    assertThat(beside).isEmpty();
    assertThat(second.map(claimed -> claimed.task().id())).contains(schema.id());
  }

  @Test
  void ofManyWorkersAtOnceOneGetsOneOfThem() {
    // Given
    assertThat(approve(proposed(LEFTOVER)).state().open()).isTrue();
    assertThat(approve(proposed(BLOCKING)).state().open()).isTrue();

    // When
    List<Future<Optional<Claim>>> claims =
        IntStream.range(0, 8).mapToObj(worker -> claim()).toList();
    Future.all(claims).await();

    // Then
    assertThat(claims).filteredOn(claim -> claim.result().isPresent()).hasSize(1);
    assertThat(incidents.query("SELECT state FROM pgmedic.recovery_task ORDER BY 1"))
        .containsExactly("approved", "running");
  }

  @Test
  void aPlanTakesThePlaceOfItsOwnLaneAloneAndOfWhatHasAnIssueOfIt() {
    // Given
    RecoveryTask schema = proposed(LEFTOVER);
    RecoveryTask sessions = proposed(BLOCKING);

    // When
    RecoveryTask again = proposed(BLOCKING);
    List<UUID> afterOne = open();
    RecoveryTask both = proposed(BLOCKING, LEFTOVER);

    // Then
    assertThat(afterOne)
        .containsExactlyInAnyOrder(schema.id(), again.id())
        .doesNotContain(sessions.id());
    assertThat(open()).containsExactly(both.id());
  }

  @Test
  void aPlanNeverDisturbsWhatIsApprovedAndHasAnIssueOfIt() {
    // Given
    RecoveryTask sessions = approve(proposed(BLOCKING));

    // When
    Optional<RecoveryTask> both = tasks.propose(plan(BLOCKING, LEFTOVER)).await();

    // Then
    assertThat(both).isEmpty();
    assertThat(open()).containsExactly(sessions.id());
  }

  @Test
  void theStoreItselfRefusesAnIssueInTwoOpenTasksAndTwoTasksInALane() {
    // Given
    RecoveryTask schema = proposed(LEFTOVER);
    RecoveryTask sessions = proposed(BLOCKING);
    String overlap =
        ("INSERT INTO pgmedic.task_issue SELECT '%s', issue FROM pgmedic.task_issue"
                + " WHERE task = '%s'")
            .formatted(schema.id(), sessions.id());

    // When, Then
    assertThatThrownBy(() -> TestDatabases.run(incidents.url, overlap))
        .hasMessageContaining("is in another open recovery task");
    assertThatThrownBy(() ->
            TestDatabases.run(incidents.url, "UPDATE pgmedic.recovery_task SET lane = 'schema'"))
        .hasMessageContaining("recovery_task_open");
  }
}
