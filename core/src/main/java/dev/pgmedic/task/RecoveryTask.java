package dev.pgmedic.task;

import dev.pgmedic.plan.RecoveryPlan;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A plan on its way through approval and execution.
 *
 * @param id its own, never reused
 * @param target the target's name
 * @param priority which one a worker claims first
 * @param state where it is
 * @param issues the issues that it heals
 * @param undoOf the task that it takes back; absent when it heals
 * @param terms what it needs to be approved
 * @param quietUntil until when quiet hours keep it from being started; absent when they do not
 * @param createdAt when it was proposed
 * @param expiresAt when it ends by itself if nothing happens
 * @param cancelRequested that somebody called it off; a worker stops at its next step
 * @param outcome how it ended, for people; absent while it is open
 * @param plan what would run
 * @param approvals what was decided, oldest first
 * @param steps the journal, in the order of the steps
 */
public record RecoveryTask(
    UUID id,
    String target,
    Priority priority,
    TaskState state,
    List<UUID> issues,
    Optional<UUID> undoOf,
    Terms terms,
    Optional<Instant> quietUntil,
    Instant createdAt,
    Instant expiresAt,
    Optional<CancelRequest> cancelRequested,
    Optional<String> outcome,
    RecoveryPlan plan,
    List<Approval> approvals,
    List<StepRun> steps) {

  /** Copies the lists. */
  public RecoveryTask {
    issues = List.copyOf(issues);
    approvals = List.copyOf(approvals);
    steps = List.copyOf(steps);
  }
}
