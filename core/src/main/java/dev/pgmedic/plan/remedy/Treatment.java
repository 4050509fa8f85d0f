package dev.pgmedic.plan.remedy;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.plan.action.Action;
import java.util.List;
import java.util.Optional;

/** What a remedy makes of a finding. */
public sealed interface Treatment {

  /**
   * Steps heal it.
   *
   * @param rebuilt what is made from known-good; a plan makes all that its treatments want at once
   * @param actions the other steps
   * @param facts what all of them rely on, without ages, counts and statistics: when one of these
   *     is another, the plan is another
   * @param tool whether the migration tool runs behind them
   * @param script SQL that makes what is rebuilt, where known-good's does not
   */
  record Heals(
      List<CatalogObject> rebuilt,
      List<Action> actions,
      List<String> facts,
      ToolRun tool,
      Optional<String> script)
      implements Treatment {

    /** Copies the lists. */
    public Heals {
      rebuilt = List.copyOf(rebuilt);
      actions = List.copyOf(actions);
      facts = List.copyOf(facts);
    }

    /** What is made is known-good's. */
    Heals(List<CatalogObject> rebuilt, List<Action> actions, List<String> facts, ToolRun tool) {
      this(rebuilt, actions, facts, tool, Optional.empty());
    }

    /** One step heals it. */
    static Heals by(Action action, List<String> facts) {
      return new Heals(List.of(), List.of(action), facts, ToolRun.NONE);
    }
  }

  /**
   * A person must decide.
   *
   * @param decision what, in one sentence
   */
  record Person(String decision) implements Treatment {}
}
