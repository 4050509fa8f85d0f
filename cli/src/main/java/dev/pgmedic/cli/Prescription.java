package dev.pgmedic.cli;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.plan.PlanOutcome;
import dev.pgmedic.plan.RecoveryPlan;
import dev.pgmedic.target.Target;
import java.util.List;
import java.util.Optional;

/**
 * What one look without a server found, and what would heal it.
 *
 * @param target the target
 * @param diagnosis what is wrong
 * @param wanted what of it was to be healed
 * @param replayed what the migrations make, where no store told it
 * @param outcome the plan, or why there is none; absent when nothing was to be healed
 */
record Prescription(
    Target target,
    Diagnosis diagnosis,
    List<Finding> wanted,
    Optional<KnownGood> replayed,
    Optional<PlanOutcome> outcome) {

  /** The plan, when there is one. */
  Optional<RecoveryPlan> plan() {
    return outcome
        .filter(PlanOutcome.Planned.class::isInstance)
        .map(planned -> ((PlanOutcome.Planned) planned).plan());
  }

  /** Who migrates the target right now, so that nothing of its schema is judged. */
  Optional<String> atWork() {
    return diagnosis.glance().flatMap(seen -> seen.sight().atWork());
  }

  /** What is wrong and no part of the plan. */
  List<Finding> left() {
    List<Finding.Key> healed = plan().map(RecoveryPlan::heals).orElse(List.of());
    return diagnosis.findings().stream()
        .filter(finding -> !healed.contains(finding.key()))
        .toList();
  }
}
