package dev.pgmedic.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pgmedic.plan.DataLoss;
import dev.pgmedic.plan.RecoveryPlan;
import dev.pgmedic.plan.Step;
import dev.pgmedic.store.TaskConflict.Reason;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.TaskState.Approved;
import dev.pgmedic.task.TaskState.Running;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class TasksTest {

  private static final Duration LEASE = Duration.ofSeconds(30);

  private final Vertx vertx = Vertx.vertx();
  private final Incidents incidents = new Incidents(vertx);
  private final Tasks tasks = incidents.tasks;
  private final Claims claims = incidents.claims;

  @AfterEach
  void close() {
    incidents.store.close().await();
    vertx.close().await();
  }

  @Test
  void anApprovalOfAnotherPlanIsRefused() {
    // Given
    RecoveryTask task = incidents.proposed();

    // When
    TaskConflict conflict = refused(task, Incidents.decision("sha256:0", false));

    // Then
    assertThat(conflict.reason()).isEqualTo(Reason.OTHER_DIGEST);
    assertThat(incidents.query("SELECT count(*) FROM pgmedic.approval")).containsExactly("0");
  }

  @Test
  void anApprovalThatDoesNotAcceptTheLossIsRefused() {
    // Given
    RecoveryPlan plan = losing(incidents.plan());
    RecoveryTask task = tasks.propose(plan).await().orElseThrow();

    // When
    TaskConflict conflict = refused(task, Incidents.decision(plan.digest(), false));

    // Then
    assertThat(conflict.reason()).isEqualTo(Reason.LOSS_NOT_ACCEPTED);
    assertThat(tasks.approve(task.id(), Incidents.decision(plan.digest(), true)).await())
        .get()
        .returns(new Approved(), RecoveryTask::state);
  }

  @Test
  void ofManyApprovalsAtOnceOneWins() {
    // Given
    RecoveryTask task = incidents.proposed();
    Decision decision = Incidents.decision(task.plan().digest(), false);

    // When
    List<Future<Optional<RecoveryTask>>> approvals =
        IntStream.range(0, 8).mapToObj(i -> tasks.approve(task.id(), decision)).toList();
    Future.join(approvals).otherwiseEmpty().await();

    // Then
    assertThat(approvals).filteredOn(Future::succeeded).hasSize(1);
    assertThat(approvals)
        .filteredOn(Future::failed)
        .allSatisfy(lost ->
            assertThat(lost.cause())
                .isInstanceOfSatisfying(
                    TaskConflict.class,
                    conflict -> assertThat(conflict.reason()).isEqualTo(Reason.NOT_WAITING)));
    assertThat(incidents.query("SELECT count(*) FROM pgmedic.approval")).containsExactly("1");
  }

  @Test
  void ofManyWorkersOneGetsTheTask() {
    // Given
    incidents.approve();

    // When
    List<Optional<Claim>> claimed =
        IntStream.range(0, 8)
            .mapToObj(i -> claims.claim(UUID.randomUUID(), LEASE, List.of(incidents.target)))
            .toList()
            .stream()
            .map(claim -> claim.await())
            .toList();

    // Then
    assertThat(claimed).filteredOn(Optional::isPresent).hasSize(1);
    assertThat(incidents.query("SELECT state || fence FROM pgmedic.recovery_task"))
        .containsExactly("running1");
  }

  @Test
  void aWorkerThatWasTakenOverChangesNothingMore() {
    // Given
    incidents.approve();
    Claim old = claim();
    claims.stepStarted(old, step(old)).await();
    TestDatabases.run(
        incidents.url, "UPDATE pgmedic.recovery_task SET lease_until = now() - interval '1 s'");

    // When
    Claim taken = claim();

    // Then
    assertThat(taken.takenOver()).isTrue();
    assertThat(taken.fence()).isGreaterThan(old.fence());
    assertThat(
            List.of(
                catchThrowable(() -> claims.stepStarted(old, step(old)).await()),
                catchThrowable(() -> claims.stepEnded(old, step(old), true, "").await()),
                catchThrowable(() -> claims.renew(old, LEASE).await()),
                catchThrowable(() -> end(old))))
        .allMatch(ClaimLost.class::isInstance);
    assertThat(incidents.query("SELECT state FROM pgmedic.recovery_task"))
        .containsExactly("running");
    end(taken);
    assertThat(incidents.query("SELECT state FROM pgmedic.recovery_task"))
        .containsExactly("failed");
  }

  @Test
  void aLeaseThatIsRenewedIsNotTakenOver() {
    // Given
    incidents.approve();
    Claim claim = claim();
    TestDatabases.run(
        incidents.url, "UPDATE pgmedic.recovery_task SET lease_until = now() - interval '1 s'");

    // When
    claims.renew(claim, LEASE).await();

    // Then
    assertThat(claims.claim(UUID.randomUUID(), LEASE, List.of(incidents.target)).await()).isEmpty();
  }

  @Test
  void whatNobodyActedOnExpires() {
    // Given
    RecoveryTask waiting = incidents.proposed();
    TestDatabases.run(
        incidents.url, "UPDATE pgmedic.recovery_task SET expires_at = now() - interval '1 s'");

    // When
    int expired = tasks.expire().await();

    // Then
    assertThat(expired).isEqualTo(1);
    assertThat(tasks.find(waiting.id()).await().orElseThrow().state().label()).isEqualTo("expired");
    assertThat(tasks.endedBadly(Incidents.TARGET, waiting.plan().fingerprint()).await()).isTrue();
    assertThat(tasks.expire().await()).isZero();
  }

  @Test
  void aProposalWhoseTimeRanOutCannotBeApproved() {
    // Given
    RecoveryTask task = incidents.proposed();
    TestDatabases.run(
        incidents.url, "UPDATE pgmedic.recovery_task SET expires_at = now() - interval '1 s'");

    // When
    TaskConflict conflict = refused(task, Incidents.decision(task.plan().digest(), false));

    // Then
    assertThat(conflict.reason()).isEqualTo(Reason.NOT_WAITING);
  }

  @Test
  void anApprovalThatNobodyStartedInTimeIsNotClaimed() {
    // Given
    incidents.approve();
    TestDatabases.run(
        incidents.url, "UPDATE pgmedic.recovery_task SET expires_at = now() - interval '1 s'");

    // When
    Optional<Claim> claimed =
        claims.claim(UUID.randomUUID(), LEASE, List.of(incidents.target)).await();

    // Then
    assertThat(claimed).isEmpty();
    assertThat(tasks.expire().await()).isEqualTo(1);
  }

  @Test
  void aNewProposalSupersedesOneThatWaitsAndNeverOneThatIsApproved() {
    // Given
    RecoveryTask first = incidents.proposed();
    RecoveryTask second = tasks.propose(incidents.plan()).await().orElseThrow();
    tasks.approve(second.id(), Incidents.decision(second.plan().digest(), false)).await();

    // When
    Optional<RecoveryTask> third = tasks.propose(incidents.plan()).await();

    // Then
    assertThat(third).isEmpty();
    assertThat(tasks.find(first.id()).await().orElseThrow().state().label())
        .isEqualTo("superseded");
    assertThat(tasks.find(second.id()).await().orElseThrow().plan()).isEqualTo(second.plan());
    assertThat(second.plan().recomputedDigest()).isEqualTo(second.plan().digest());
  }

  private TaskConflict refused(RecoveryTask task, Decision decision) {
    TaskConflict conflict =
        catchThrowableOfType(TaskConflict.class, () -> tasks.approve(task.id(), decision).await());
    assertThat(conflict).isNotNull();
    return conflict;
  }

  private Claim claim() {
    return claims.claim(UUID.randomUUID(), LEASE, List.of(incidents.target)).await().orElseThrow();
  }

  private void end(Claim claim) {
    Claims.End end = Claims.End.failed(new Running(), "no luck");
    assertThat(claims.finish(claim, end, incidents.target, Optional.empty()).await()).isNotNull();
  }

  private static Step step(Claim claim) {
    return claim.task().plan().steps().get(0);
  }

  private static RecoveryPlan losing(RecoveryPlan plan) {
    return new RecoveryPlan(
        plan.target(),
        plan.identity(),
        plan.digest(),
        plan.fingerprint(),
        plan.summary(),
        plan.heals(),
        List.of(new DataLoss("public.users", 3, Optional.empty())),
        plan.steps(),
        plan.notPinned());
  }
}
