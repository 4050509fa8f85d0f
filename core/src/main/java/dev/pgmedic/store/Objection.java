package dev.pgmedic.store;

import dev.pgmedic.store.TaskConflict.Reason;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.TaskState.AwaitingApproval;
import java.util.Optional;

/** Why a decision about a task is refused. */
final class Objection {

  private Objection() {}

  /** What speaks against approving a task; empty when nothing does. */
  static Optional<TaskConflict> toApproval(RecoveryTask task, Decision decision) {
    return notWaiting(task)
        .or(() -> otherDigest(task, decision.planDigest()))
        .or(() -> requester(task, decision))
        .or(() -> approvedBefore(task, decision))
        .or(() -> lossNotAccepted(task, decision));
  }

  /** What speaks against rejecting a task; empty when nothing does. */
  static Optional<TaskConflict> toRejection(RecoveryTask task, Decision decision) {
    return notWaiting(task).or(() -> otherDigestThanNamed(task, decision.planDigest()));
  }

  /**
   * What speaks against calling a task off; empty when nothing does.
   *
   * @param digest of the plan that they saw; empty where they named none
   */
  static Optional<TaskConflict> toCancellation(RecoveryTask task, String digest) {
    return when(
            !task.state().open(),
            Reason.ENDED,
            "expected a task that waits or runs; this one is " + task.state().label())
        .or(() -> otherDigestThanNamed(task, digest));
  }

  private static Optional<TaskConflict> otherDigestThanNamed(RecoveryTask task, String named) {
    return named.isEmpty() ? Optional.empty() : otherDigest(task, named);
  }

  private static Optional<TaskConflict> when(boolean wrong, Reason reason, String message) {
    return wrong ? Optional.of(new TaskConflict(reason, message)) : Optional.empty();
  }

  private static Optional<TaskConflict> notWaiting(RecoveryTask task) {
    return when(
        !(task.state() instanceof AwaitingApproval),
        Reason.NOT_WAITING,
        "expected a task that awaits approval; this one is " + task.state().label());
  }

  private static Optional<TaskConflict> otherDigest(RecoveryTask task, String named) {
    String digest = task.plan().digest();
    return when(
        !named.equals(digest),
        Reason.OTHER_DIGEST,
        "expected plan_digest " + digest + ", which is the plan of this task");
  }

  private static Optional<TaskConflict> requester(RecoveryTask task, Decision decision) {
    return when(
        !task.terms().mayApprove(decision.by()),
        Reason.REQUESTER,
        "expected an approval of somebody else: " + decision.by() + " asked for this task");
  }

  private static Optional<TaskConflict> approvedBefore(RecoveryTask task, Decision decision) {
    return when(
        task.approvals().stream()
            .anyMatch(
                given -> given.decision().equals("approve") && given.by().equals(decision.by())),
        Reason.APPROVED_BEFORE,
        "expected approvals of "
            + task.terms().approvals()
            + " different names; "
            + decision.by()
            + " has approved it already");
  }

  private static Optional<TaskConflict> lossNotAccepted(RecoveryTask task, Decision decision) {
    return when(
        !task.plan().dataLoss().isEmpty() && !decision.acceptDataLoss(),
        Reason.LOSS_NOT_ACCEPTED,
        "expected \"accept_data_loss\": true, because these come back empty: "
            + task.plan().dataLoss().stream().map(loss -> loss.object()).toList());
  }
}
