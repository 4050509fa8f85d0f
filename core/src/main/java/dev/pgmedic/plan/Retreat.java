package dev.pgmedic.plan;

import dev.pgmedic.plan.action.Action;
import dev.pgmedic.plan.action.Phase;
import dev.pgmedic.plan.action.RunTool;
import dev.pgmedic.plan.action.TakeBack;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What becomes of the steps that ran when a later one fails. A step is taken back where that brings
 * what it touched back to where it was: it knows a way back, and nothing that came after it and
 * stays touches the same. Nothing is taken back when the database is healed already and only a
 * restart failed, nor when the migration tool was run: nobody knows what rests on which step then.
 *
 * @param back the steps that are taken back, the last one first
 * @param stays why each of the others that ran stays, by its number
 */
public record Retreat(List<Step> back, Map<Integer, String> stays) {

  /** Copies the collections. */
  public Retreat {
    back = List.copyOf(back);
    stays = Collections.unmodifiableMap(new TreeMap<>(stays));
  }

  /**
   * Decides it.
   *
   * @param failed the step that failed, which itself has done nothing
   * @param ran the numbers of the steps that ran before it
   */
  public static Retreat of(RecoveryPlan plan, Step failed, Collection<Integer> ran) {
    List<Step> done =
        plan.steps().stream().filter(step -> ran.contains(step.index())).toList().reversed();
    List<Step> back = new ArrayList<>();
    Map<Integer, String> stays = new TreeMap<>();
    Set<String> kept = new HashSet<>();
    boolean inDoubt = isToolRun(failed);
    boolean healed = failed.action().type().phase() == Phase.AFTER_LOCK;
    for (Step step : done) {
      inDoubt |= isToolRun(step);
      Action action = step.action();
      if (healed) {
        stays.put(step.index(), "the database is as the plan wants it");
      } else if (TakeBack.of(action).isEmpty()) {
        stays.put(step.index(), "it knows no way back");
      } else if (inDoubt) {
        stays.put(step.index(), "nobody knows what the migration tool built on it");
      } else if (action.touches().stream().anyMatch(kept::contains)) {
        stays.put(step.index(), "what came after it stays");
      } else {
        back.add(step);
        continue;
      }
      kept.addAll(action.touches());
    }
    return new Retreat(back, stays);
  }

  private static boolean isToolRun(Step step) {
    return step.action() instanceof RunTool;
  }
}
