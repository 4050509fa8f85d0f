package dev.pgmedic.plan;

/** What planning comes to. */
public sealed interface PlanOutcome {

  /**
   * A plan heals it.
   *
   * @param plan the plan
   */
  record Planned(RecoveryPlan plan) implements PlanOutcome {}

  /**
   * A person must decide.
   *
   * @param reason why no plan heals it
   */
  record NotHealable(String reason) implements PlanOutcome {}
}
