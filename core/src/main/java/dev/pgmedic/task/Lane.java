package dev.pgmedic.task;

import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.plan.RecoveryPlan;
import java.util.Locale;

/**
 * Which recoveries of a target wait side by side. Each lane has one open task at most, and no fault
 * is healed in two of them.
 */
public enum Lane {
  /**
   * What ends sessions and nothing else. It makes way for a migration that is at work, and takes no
   * migration lock: it must not have to wait until somebody has decided about the rest.
   */
  SESSIONS,
  /** All else. */
  SCHEMA;

  /** Where a fault is healed. */
  public static Lane of(IssueCode code) {
    return switch (code) {
      case SESSION_BLOCKING, SESSION_IDLE_IN_TRANSACTION -> SESSIONS;
      default -> SCHEMA;
    };
  }

  /** Where a plan waits; one that heals nothing takes something back. */
  public static Lane of(RecoveryPlan plan) {
    return !plan.heals().isEmpty() && plan.codes().stream().allMatch(code -> of(code) == SESSIONS)
        ? SESSIONS
        : SCHEMA;
  }

  /** As the store writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
