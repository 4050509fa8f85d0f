package dev.pgmedic.task;

import dev.pgmedic.plan.DataLoss;
import dev.pgmedic.plan.RecoveryPlan;
import dev.pgmedic.plan.Step;
import dev.pgmedic.plan.action.Effect;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A recovery task as it is served. Its JSON names are a contract with users.
 *
 * @param id the task
 * @param target the target's name
 * @param priority which one a worker claims first
 * @param state where it is
 * @param issues the issues that it heals
 * @param undoOf the task that it takes back
 * @param requestedBy who asked for it; empty when it was proposed by itself
 * @param approvalsNeeded how many different names must approve it
 * @param waitsFor what it waits for; absent when it runs or has ended
 * @param createdAt when it was proposed
 * @param expiresAt when it ends by itself if nothing happens
 * @param cancelRequested that somebody called it off; a worker stops at its next step
 * @param outcome how it ended, for people
 * @param plan what would run
 * @param approvals what was decided, oldest first
 * @param steps the journal
 */
public record TaskView(
    UUID id,
    String target,
    Priority priority,
    TaskState state,
    List<UUID> issues,
    Optional<UUID> undoOf,
    List<String> requestedBy,
    int approvalsNeeded,
    Optional<WaitsFor> waitsFor,
    Instant createdAt,
    Instant expiresAt,
    Optional<CancelRequest> cancelRequested,
    Optional<String> outcome,
    PlanView plan,
    List<Approval> approvals,
    List<StepRun> steps) {

  /**
   * A plan as it is served.
   *
   * @param digest what an approval must name
   * @param fingerprint the state that it was made for
   * @param summary what it does
   * @param notPinned what the digest could not cover
   * @param dataLoss what stays lost
   * @param steps what would run
   */
  public record PlanView(
      String digest,
      String fingerprint,
      String summary,
      List<String> notPinned,
      List<DataLoss> dataLoss,
      List<StepView> steps) {

    /** A plan as it is served. */
    public static PlanView of(RecoveryPlan plan) {
      return new PlanView(
          plan.digest(),
          plan.fingerprint(),
          plan.summary(),
          plan.notPinned(),
          plan.dataLoss(),
          plan.steps().stream().map(StepView::of).toList());
    }
  }

  /**
   * A step as it is served.
   *
   * @param index from 1
   * @param type the kind of step
   * @param title what it does
   * @param sql the SQL that runs, word for word
   * @param command the command that runs, without a shell
   * @param timeout the longest that it may take
   * @param effect what it does to the target
   * @param locks the locks that it takes
   * @param precondition what must be so before
   * @param postcondition what is so after
   * @param condition both as a query, which answers {@code ready}, {@code done} or {@code neither}
   * @param undo SQL that takes it back
   */
  public record StepView(
      int index,
      String type,
      String title,
      Optional<String> sql,
      Optional<List<String>> command,
      Duration timeout,
      Effect effect,
      List<String> locks,
      String precondition,
      String postcondition,
      Optional<String> condition,
      Optional<String> undo) {

    private static StepView of(Step step) {
      return new StepView(
          step.index(),
          step.action().type().toString(),
          step.title(),
          step.action().statements(),
          Optional.of(step.action().words()).filter(words -> !words.isEmpty()),
          step.timeout(),
          step.action().effect(),
          step.action().locks(),
          step.action().precondition(),
          step.action().postcondition(),
          step.action().condition(),
          step.action().undo());
    }
  }

  /** A task as it is served. */
  public static TaskView of(RecoveryTask task) {
    return new TaskView(
        task.id(),
        task.target(),
        task.priority(),
        task.state(),
        task.issues(),
        task.undoOf(),
        task.terms().requestedBy(),
        task.terms().approvals(),
        WaitsFor.of(task),
        task.createdAt(),
        task.expiresAt(),
        task.cancelRequested(),
        task.outcome(),
        PlanView.of(task.plan()),
        task.approvals(),
        task.steps());
  }
}
