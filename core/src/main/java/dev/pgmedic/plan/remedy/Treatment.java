package dev.pgmedic.plan.remedy;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.plan.action.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a remedy makes of a finding. */
public sealed interface Treatment {

  /** All of them at once; a person decides where that is so for any of them. */
  static Treatment all(List<Treatment> treatments) {
    List<CatalogObject> rebuilt = new ArrayList<>();
    List<Action> actions = new ArrayList<>();
    List<Restored> restored = new ArrayList<>();
    List<String> facts = new ArrayList<>();
    for (Treatment treatment : treatments) {
      switch (treatment) {
        case Person person -> {
          return person;
        }
        case Heals heals -> {
          rebuilt.addAll(heals.rebuilt());
          actions.addAll(heals.actions());
          restored.addAll(heals.restored());
          facts.addAll(heals.facts());
        }
      }
    }
    return new Heals(rebuilt, actions, facts, ToolRun.NONE, Optional.empty(), restored);
  }

  /**
   * Steps heal it.
   *
   * @param rebuilt what is made, or made another, from known-good; a plan makes all that its
   *     treatments want at once
   * @param actions the other steps
   * @param facts what all of them rely on, without ages, counts and statistics: when one of these
   *     is another, the plan is another
   * @param tool whether the migration tool runs behind them
   * @param script SQL that makes what is rebuilt, where known-good's does not
   * @param restored the tables that are made anew with their rows
   */
  record Heals(
      List<CatalogObject> rebuilt,
      List<Action> actions,
      List<String> facts,
      ToolRun tool,
      Optional<String> script,
      List<Restored> restored)
      implements Treatment {

    /** Copies the lists. */
    public Heals {
      rebuilt = List.copyOf(rebuilt);
      actions = List.copyOf(actions);
      restored = List.copyOf(restored);
      facts = List.copyOf(facts);
    }

    /** What is made is known-good's. */
    Heals(List<CatalogObject> rebuilt, List<Action> actions, List<String> facts, ToolRun tool) {
      this(rebuilt, actions, facts, tool, Optional.empty(), List.of());
    }

    /** What is made from known-good heals it. */
    static Heals made(List<CatalogObject> rebuilt, List<String> facts) {
      return new Heals(rebuilt, List.of(), facts, ToolRun.NONE);
    }

    /** A table that is made anew with its rows heals it. */
    static Heals restored(Restored table, List<String> facts) {
      return new Heals(List.of(), List.of(), facts, ToolRun.NONE, Optional.empty(), List.of(table));
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
