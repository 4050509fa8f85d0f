package dev.pgmedic.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.plan.DataLoss;
import dev.pgmedic.plan.RecoveryPlan;
import dev.pgmedic.target.Policy;
import dev.pgmedic.target.QuietHours;
import dev.pgmedic.target.Recovery;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.TaskView;
import dev.pgmedic.task.Terms;
import dev.pgmedic.task.WaitsFor;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is approved waits for the end of quiet hours, and what runs alone waits for it too. */
@Timeout(180)
class QuietTasksTest {

  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Set<IssueCode> LEFTOVER = Set.of(IssueCode.ENUM_LEFTOVER);

  private final Vertx vertx = Vertx.vertx();
  private final Incidents incidents = new Incidents(vertx);
  private final Tasks tasks = incidents.tasks;
  private final PolicyApprovals approvals = new PolicyApprovals(incidents.store);

  @AfterEach
  void close() {
    incidents.store.close().await();
    vertx.close().await();
  }

  /** From an hour ago to in an hour, by UTC. */
  private static QuietHours now(Set<IssueCode> except) {
    LocalTime now = LocalTime.now(ZoneOffset.UTC).withSecond(0).withNano(0);
    return new QuietHours(
        now.minusHours(1),
        now.plusHours(1),
        ZoneOffset.UTC,
        EnumSet.allOf(DayOfWeek.class),
        except);
  }

  private static Policy policy(Set<IssueCode> automatic, QuietHours... quiet) {
    return new Policy(Policy.DEFAULT.proposed(), automatic, 1, true, List.of(quiet));
  }

  private Optional<Claim> claim(Policy policy) {
    Target plain = incidents.target;
    Target target =
        new Target(
            plain.name(),
            plain.url(),
            plain.labels(),
            plain.migrations(),
            plain.expect(),
            Optional.of(new Recovery(plain.url(), List.of(), policy)),
            plain.checkEvery(),
            plain.deadlines());
    return incidents.claims.claim(UUID.randomUUID(), LEASE, List.of(target)).await();
  }

  private RecoveryTask approved(RecoveryTask task, Policy policy) {
    Decision yes = Incidents.decision(task.plan().digest(), false);
    return tasks.approve(task.id(), yes, policy).await().orElseThrow();
  }

  private String waitsFor(RecoveryTask task) {
    RecoveryTask now = tasks.find(task.id()).await().orElseThrow();
    return TaskView.of(now).waitsFor().map(WaitsFor::what).orElse("nothing");
  }

  @Test
  void whatIsApprovedInQuietHoursIsNotStartedAndHasItsTimeAfterThem() {
    // Given
    Policy quiet = policy(Set.of(), now(Set.of()));

    // When
    RecoveryTask task = approved(incidents.proposed(), quiet);
    Optional<Claim> early = claim(quiet);

    // Then
    assertThat(task.quietUntil().orElseThrow()).isEqualTo(task.expiresAt().minusSeconds(15 * 60));
    assertThat(early).isEmpty();
    assertThat(waitsFor(task)).isEqualTo("quiet_hours");
    assertThat(tasks.expire().await()).isZero();
    TestDatabases.run(
        incidents.url, "UPDATE pgmedic.recovery_task SET quiet_until = now() - interval '1 s'");
    assertThat(waitsFor(task)).isEqualTo("worker");
    assertThat(claim(policy(Set.of()))).isPresent();
    assertThat(waitsFor(task)).isEqualTo("nothing");
  }

  @Test
  void quietHoursThatBeginAfterTheApprovalHoldAndThoseThatAreTakenBackDoNot() {
    // Given
    RecoveryTask task = approved(incidents.proposed(), policy(Set.of()));
    assertThat(waitsFor(task)).isEqualTo("worker");

    // When
    Optional<Claim> begun = claim(policy(Set.of(), now(Set.of())));
    String waits = waitsFor(task);
    Optional<Claim> spared = claim(policy(Set.of(), now(LEFTOVER)));

    // Then
    assertThat(begun).isEmpty();
    assertThat(waits).isEqualTo("quiet_hours");
    assertThat(spared).isPresent();
  }

  @Test
  void anApprovalWhoseTimeRanOutIsNotBroughtBackByQuietHours() {
    // Given
    RecoveryTask task = approved(incidents.proposed(), policy(Set.of()));
    TestDatabases.run(
        incidents.url, "UPDATE pgmedic.recovery_task SET expires_at = now() - interval '1 s'");

    // When
    Optional<Claim> claimed = claim(policy(Set.of(), now(Set.of())));

    // Then
    assertThat(claimed).isEmpty();
    assertThat(tasks.expire().await()).isEqualTo(1);
    assertThat(waitsFor(task)).isEqualTo("nothing");
  }

  @Test
  void whatIsAutomaticIsApprovedByThePolicyOutsideOfQuietHours() {
    // Given
    RecoveryTask task = incidents.proposed();

    // When
    boolean unlisted = approvals.approve(task.id(), policy(Set.of())).await();
    boolean quiet = approvals.approve(task.id(), policy(LEFTOVER, now(Set.of()))).await();
    boolean spared = approvals.approve(task.id(), policy(LEFTOVER, now(LEFTOVER))).await();
    boolean again = approvals.approve(task.id(), policy(LEFTOVER)).await();

    // Then
    assertThat(List.of(unlisted, quiet, spared, again)).containsExactly(false, false, true, false);
    assertThat(
            incidents.query(
                "SELECT concat_ws(' ', decided_by, authenticated_by, plan_digest = digest, state)"
                    + " FROM pgmedic.approval JOIN pgmedic.recovery_task t ON t.id = task"))
        .containsExactly("policy policy t approved");
    assertThat(
            incidents.query(
                "SELECT concat_ws(' ', actor, authenticated_by, action, subject = t.id::text)"
                    + " FROM pgmedic.audit JOIN pgmedic.recovery_task t USING (target, digest)"))
        .containsExactly("policy policy approve t");
  }

  @Test
  void thePolicyNeedsNoSecondApprover() {
    // Given
    Terms two = new Terms(List.of(), 2, false);
    RecoveryTask task = tasks.propose(incidents.plan(), two).await().orElseThrow();

    // When
    boolean approved = approvals.approve(task.id(), policy(LEFTOVER)).await();

    // Then
    assertThat(approved).isTrue();
    assertThat(waitsFor(task)).isEqualTo("worker");
  }

  @Test
  void whatEndedBadlyBeforeIsLeftToAPerson() {
    // Given
    RecoveryTask failed = incidents.proposed();
    assertThat(tasks.reject(failed.id(), Incidents.decision(failed.plan().digest(), false)).await())
        .isPresent();
    RecoveryTask task = tasks.propose(incidents.plan()).await().orElseThrow();

    // When
    boolean approved = approvals.approve(task.id(), policy(LEFTOVER)).await();

    // Then
    assertThat(approved).isFalse();
  }

  @Test
  void aPlanThatLosesRowsOrRunsWhatIsNotPinnedNeverRunsAlone() {
    // Given
    Policy policy = policy(LEFTOVER);
    RecoveryPlan plan = incidents.plan();

    // When
    boolean losing =
        with(plan, List.of(new DataLoss("public.a", 3, Optional.empty())), List.of())
            .runsAlone(policy);
    boolean running = with(plan, List.of(), List.of("step 2: its program")).runsAlone(policy);

    // Then
    assertThat(plan.runsAlone(policy)).isTrue();
    assertThat(losing).isFalse();
    assertThat(running).isFalse();
  }

  private static RecoveryPlan with(RecoveryPlan plan, List<DataLoss> loss, List<String> notPinned) {
    return new RecoveryPlan(
        plan.target(),
        plan.identity(),
        plan.digest(),
        plan.fingerprint(),
        plan.summary(),
        plan.heals(),
        loss,
        plan.steps(),
        notPinned);
  }
}
