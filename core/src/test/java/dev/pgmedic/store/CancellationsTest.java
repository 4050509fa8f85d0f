package dev.pgmedic.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pgmedic.plan.Step;
import dev.pgmedic.store.TaskConflict.Reason;
import dev.pgmedic.task.CancelRequest;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.TaskState.Cancelled;
import dev.pgmedic.task.TaskState.Running;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is called off ends at once, or no step of it begins any more. */
@Timeout(180)
class CancellationsTest {

  private static final Duration LEASE = Duration.ofSeconds(30);

  private final Vertx vertx = Vertx.vertx();
  private final Incidents incidents = new Incidents(vertx);
  private final Claims claims = incidents.claims;
  private final Cancellations cancellations = new Cancellations(incidents.store);

  @AfterEach
  void close() {
    incidents.store.close().await();
    vertx.close().await();
  }

  private RecoveryTask cancel(UUID task) {
    return cancellations.cancel(task, "jarvis", "not now").await().orElseThrow();
  }

  private Claim claim() {
    return claims.claim(UUID.randomUUID(), LEASE, List.of(incidents.target)).await().orElseThrow();
  }

  /** The first step of a plan once more, under another number. */
  private static Step step(Claim claim, int index) {
    Step first = claim.task().plan().steps().get(0);
    return new Step(index, first.title(), first.timeout(), first.action());
  }

  @Test
  void whatWaitsEndsAtOnce() {
    // Given
    RecoveryTask task = incidents.proposed();

    // When
    RecoveryTask cancelled = cancel(task.id());

    // Then
    assertThat(cancelled.state()).isEqualTo(new Cancelled());
    assertThat(cancelled.outcome()).contains("called off by jarvis: not now");
    assertThat(cancelled.cancelRequested()).map(CancelRequest::by).contains("jarvis");
    assertThat(incidents.query("SELECT count(*) FROM pgmedic.event WHERE type = 'task.cancelled'"))
        .containsExactly("1");
    assertThat(incidents.tasks.endedBadly(Incidents.TARGET, task.plan().fingerprint()).await())
        .isTrue();
  }

  @Test
  void whatIsApprovedIsNotClaimedAnyMore() {
    // Given
    incidents.approve();
    UUID id = incidents.tasks.open(Incidents.TARGET).await().get(0).id();

    // When
    RecoveryTask cancelled = cancel(id);

    // Then
    assertThat(cancelled.state()).isEqualTo(new Cancelled());
    assertThat(claims.claim(UUID.randomUUID(), LEASE, List.of(incidents.target)).await()).isEmpty();
  }

  @Test
  void whatRunsIsToldAtItsNextStep() {
    // Given
    incidents.approve();
    Claim claim = claim();
    claims.stepStarted(claim, step(claim, 1)).await();

    // When
    RecoveryTask asked = cancel(claim.task().id());
    RecoveryTask again = cancellations.cancel(claim.task().id(), "other", "").await().orElseThrow();

    // Then
    assertThat(asked.state()).isEqualTo(new Running());
    assertThat(again.cancelRequested()).isEqualTo(asked.cancelRequested());
    claims.stepEnded(claim, step(claim, 1), true, "done").await();
    assertThat(catchThrowable(() -> claims.stepStarted(claim, step(claim, 2)).await()))
        .isInstanceOf(CalledOff.class)
        .hasMessage("called off by jarvis: not now");
    assertThat(incidents.query("SELECT index || state FROM pgmedic.step_run"))
        .containsExactly("1succeeded");
  }

  @Test
  void aStepThatAWorkerLeftHalfDoneIsBroughtToItsEndFirst() {
    // Given
    incidents.approve();
    Claim vanished = claim();
    claims.stepStarted(vanished, step(vanished, 1)).await();
    claims.stepEnded(vanished, step(vanished, 1), true, "").await();
    claims.stepStarted(vanished, step(vanished, 2)).await();
    TestDatabases.run(
        incidents.url, "UPDATE pgmedic.recovery_task SET lease_until = now() - interval '1 s'");
    assertThat(cancel(vanished.task().id()).state()).isEqualTo(new Running());

    // When
    Claim taken = claim();
    claims.stepStarted(taken, step(taken, 1)).await();
    claims.stepEnded(taken, step(taken, 1), true, "already so").await();
    claims.stepStarted(taken, step(taken, 2)).await();
    claims.stepEnded(taken, step(taken, 2), true, "").await();
    Throwable stopped = catchThrowable(() -> claims.stepStarted(taken, step(taken, 3)).await());

    // Then
    assertThat(stopped).isInstanceOf(CalledOff.class);
  }

  @Test
  void whereOnlyTheLastLookIsLeftItIsTooLate() {
    // Given
    incidents.approve();
    Claim claim = claim();
    Step verify = claim.task().plan().steps().getLast();

    // When
    assertThat(cancel(claim.task().id()).state()).isEqualTo(new Running());
    claims.stepStarted(claim, verify).await();

    // Then
    assertThat(incidents.query("SELECT state FROM pgmedic.step_run")).containsExactly("running");
  }

  @Test
  void whatHasEndedIsNotCalledOff() {
    // Given
    RecoveryTask task = incidents.proposed();
    assertThat(cancel(task.id()).state().open()).isFalse();

    // When
    TaskConflict conflict =
        catchThrowableOfType(TaskConflict.class, () -> cancel(task.id()).toString());

    // Then
    assertThat(conflict.reason()).isEqualTo(Reason.ENDED);
    assertThat(cancellations.cancel(UUID.randomUUID(), "jarvis", "").await())
        .isEqualTo(Optional.empty());
  }
}
