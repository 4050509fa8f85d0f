package dev.pgmedic.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pgmedic.store.TaskConflict.Reason;
import dev.pgmedic.task.Approval;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.TaskState.Approved;
import dev.pgmedic.task.TaskState.AwaitingApproval;
import dev.pgmedic.task.TaskState.Rejected;
import dev.pgmedic.task.Terms;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where several must agree, nobody counts twice, and who asked does not count. */
@Timeout(180)
class TermsTest {

  private static final Terms TWO = new Terms(List.of("jarvis"), 2, false);

  private final Vertx vertx = Vertx.vertx();
  private final Incidents incidents = new Incidents(vertx);
  private final Tasks tasks = incidents.tasks;

  @AfterEach
  void close() {
    incidents.store.close().await();
    vertx.close().await();
  }

  private RecoveryTask proposed(Terms terms) {
    return tasks.propose(incidents.plan(), terms).await().orElseThrow();
  }

  private static Decision by(String name, RecoveryTask task) {
    return new Decision(name, "token", task.plan().digest(), "", false);
  }

  private RecoveryTask approve(RecoveryTask task, String name) {
    return tasks.approve(task.id(), by(name, task)).await().orElseThrow();
  }

  private Reason refused(RecoveryTask task, String name) {
    Throwable refusal = catchThrowable(() -> approve(task, name));
    assertThat(refusal).isInstanceOf(TaskConflict.class);
    return ((TaskConflict) refusal).reason();
  }

  @Test
  void aTaskWaitsUntilEnoughDifferentNamesApproveIt() {
    // Given
    RecoveryTask task = proposed(TWO);

    // When
    RecoveryTask first = approve(task, "ann");
    Reason again = refused(task, "ann");
    Reason requester = refused(task, "jarvis");
    RecoveryTask second = approve(task, "ben");

    // Then
    assertThat(first.state()).isEqualTo(new AwaitingApproval());
    assertThat(again).isEqualTo(Reason.APPROVED_BEFORE);
    assertThat(requester).isEqualTo(Reason.REQUESTER);
    assertThat(second.state()).isEqualTo(new Approved());
    assertThat(second.approvals()).extracting(Approval::by).containsExactly("ann", "ben");
    assertThat(incidents.query("SELECT count(*) FROM pgmedic.event WHERE type = 'task.approved'"))
        .containsExactly("1");
  }

  @Test
  void oneNoIsEnough() {
    // Given
    RecoveryTask task = proposed(TWO);
    assertThat(approve(task, "ann").state().open()).isTrue();

    // When
    Optional<RecoveryTask> rejected = tasks.reject(task.id(), by("jarvis", task)).await();

    // Then
    assertThat(rejected).map(RecoveryTask::state).contains(new Rejected());
  }

  @Test
  void ofManyApprovalsOfTwoNamesAtOnceTwoCount() {
    // Given
    RecoveryTask task = proposed(TWO);

    // When
    List<Future<Optional<RecoveryTask>>> approvals =
        IntStream.range(0, 12)
            .mapToObj(i -> tasks.approve(task.id(), by(i % 2 == 0 ? "ann" : "ben", task)))
            .toList();
    Future.join(approvals).otherwiseEmpty().await();

    // Then
    assertThat(approvals).filteredOn(Future::succeeded).hasSize(2);
    assertThat(incidents.query("SELECT decided_by FROM pgmedic.approval ORDER BY 1"))
        .containsExactly("ann", "ben");
  }

  @Test
  void theStoreItselfRefusesWhatHasTooFewApprovals() {
    // Given
    RecoveryTask task = proposed(TWO);
    assertThat(approve(task, "ann").state().open()).isTrue();
    TestDatabases.run(
        incidents.url,
        "INSERT INTO pgmedic.approval (task, decided_by, decision, plan_digest, comment,"
            + " accept_data_loss, authenticated_by) SELECT id, name, 'approve', d, '', false,"
            + " 'token' FROM pgmedic.recovery_task,"
            + " (VALUES ('jarvis', digest), ('eve', 'sha256:0')) AS v(name, d)"
                .replace("(VALUES", "LATERAL (VALUES"));

    // When, Then
    assertThatThrownBy(() ->
            TestDatabases.run(incidents.url, "UPDATE pgmedic.recovery_task SET state = 'approved'"))
        .hasMessageContaining("has not the 2 approvals that it needs");
    assertThatThrownBy(() ->
            TestDatabases.run(
                incidents.url,
                "INSERT INTO pgmedic.approval (task, decided_by, decision, plan_digest,"
                    + " comment, accept_data_loss, authenticated_by) SELECT task, 'ann',"
                    + " 'approve', plan_digest, '', false, 'token' FROM pgmedic.approval"
                    + " LIMIT 1"))
        .hasMessageContaining("approval_once");
  }
}
