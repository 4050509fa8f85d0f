package dev.pgmedic.event;

import java.util.Arrays;
import java.util.List;

/** All kinds of events. */
public enum EventType {
  HEALTH_CHANGED("health.changed"),
  ISSUE_OPENED("issue.opened"),
  ISSUE_UPDATED("issue.updated"),
  ISSUE_RESOLVED("issue.resolved"),
  BASELINE_TAKEN("baseline.taken"),
  MIGRATION_APPLIED("migration.applied"),
  TASK_PROPOSED("task.proposed"),
  TASK_APPROVED("task.approved"),
  TASK_REJECTED("task.rejected"),
  TASK_EXPIRED("task.expired"),
  TASK_SUPERSEDED("task.superseded"),
  TASK_CANCELLED("task.cancelled"),
  TASK_STARTED("task.started"),
  STEP_STARTED("step.started"),
  STEP_PROGRESS("step.progress"),
  STEP_SUCCEEDED("step.succeeded"),
  STEP_FAILED("step.failed"),
  STEP_UNDONE("step.undone"),
  TASK_SUCCEEDED("task.succeeded"),
  TASK_FAILED("task.failed");

  private final String type;

  EventType(String type) {
    this.type = type;
  }

  /**
   * Reads the name as the API writes it.
   *
   * @throws IllegalArgumentException when no kind is called that
   */
  public static EventType of(String type) {
    return Arrays.stream(values())
        .filter(value -> value.type.equals(type))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no event type \"" + type + "\"; expected one of " + List.of(values())));
  }

  /** Whether a CloudEvent's type is one of these: a newer pgmedic may have more. */
  public static boolean isKnown(String cloudEventType) {
    return Arrays.stream(values())
        .anyMatch(value -> cloudEventType.equals("dev.pgmedic." + value.type));
  }

  /** {@code issue.opened} and the like: without the prefix that CloudEvents puts in front. */
  @Override
  public String toString() {
    return type;
  }
}
