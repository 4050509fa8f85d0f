package dev.pgmedic.plan;

import dev.pgmedic.json.Json;
import dev.pgmedic.plan.action.TakeBack;
import dev.pgmedic.plan.action.Verify;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes the plan that takes an earlier one back: the steps of it that succeeded and know a way
 * back, the last one first. It heals nothing, and each step looks for itself whether everything is
 * still as it was left.
 */
public final class Undoing {

  private Undoing() {}

  /**
   * Plans it.
   *
   * @param undone the earlier plan
   * @param succeeded the numbers of its steps that succeeded
   */
  public static PlanOutcome of(RecoveryPlan undone, Set<Integer> succeeded) {
    List<Step> steps = new ArrayList<>();
    List<String> stays = new ArrayList<>();
    for (Step step : undone.steps().reversed()) {
      if (succeeded.contains(step.index()) && !(step.action() instanceof Verify)) {
        TakeBack.of(step.action())
            .ifPresentOrElse(
                back -> steps.add(new Step(steps.size() + 1, back.title(), step.timeout(), back)),
                () -> stays.add("step " + step.index() + " (" + step.title() + ")"));
      }
    }
    if (steps.isEmpty()) {
      return new PlanOutcome.NotHealable(
          stays.isEmpty()
              ? "no step of it did anything"
              : "there is no way back from " + String.join(", ", stays));
    }
    Step verify = undone.steps().getLast();
    steps.add(new Step(steps.size() + 1, verify.title(), verify.timeout(), new Verify()));
    return new PlanOutcome.Planned(
        RecoveryPlan.of(
            undone.target(),
            undone.identity(),
            Json.digest(
                Map.of("undo", undone.digest(), "steps", succeeded.stream().sorted().toList())),
            new RecoveryPlan.Content(summary(steps, stays), List.of(), List.of(), steps)));
  }

  private static String summary(List<Step> steps, List<String> stays) {
    return steps.stream()
            .filter(step -> !(step.action() instanceof Verify))
            .map(Step::title)
            .collect(Collectors.joining("; "))
        + (stays.isEmpty() ? "" : ". Stays as it is: " + String.join(", ", stays));
  }
}
