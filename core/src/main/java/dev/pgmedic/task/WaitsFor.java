package dev.pgmedic.task;

import java.time.Instant;
import java.util.Optional;

/**
 * What a task waits for.
 *
 * @param what {@code approvals}, {@code quiet_hours} (their end) or {@code worker}
 * @param until when that is over, or when the task ends by itself if nothing happens
 */
public record WaitsFor(String what, Instant until) {

  static Optional<WaitsFor> of(RecoveryTask task) {
    return switch (task.state()) {
      case TaskState.AwaitingApproval waits ->
          Optional.of(new WaitsFor("approvals", task.expiresAt()));
      case TaskState.Approved approved ->
          Optional.of(
              task.quietUntil()
                  .map(until -> new WaitsFor("quiet_hours", until))
                  .orElseGet(() -> new WaitsFor("worker", task.expiresAt())));
      default -> Optional.empty();
    };
  }
}
