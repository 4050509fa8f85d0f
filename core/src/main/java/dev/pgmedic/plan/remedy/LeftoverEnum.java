package dev.pgmedic.plan.remedy;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.plan.action.Moved;
import dev.pgmedic.plan.action.Quarantine;
import java.util.List;
import java.util.stream.Stream;

/** Moves a type that nothing uses out of the way of the migration that makes it. */
final class LeftoverEnum implements Remedy {

  @Override
  public Treatment treat(Finding finding, Situation situation) {
    return situation
        .seen()
        .catalog()
        .find(new Key(Kind.ENUM, finding.subject()))
        .<Treatment>map(type -> moved(type, situation))
        .orElse(new Treatment.Person(finding.recommendation()));
  }

  private static Treatment moved(CatalogObject type, Situation situation) {
    List<String> facts = situation.definitions(List.of(type.identity()));
    Moved moved = Moved.of("type", type.identity());
    // Most likely a pending version makes it, and failed because it was there.
    List<String> pending = PendingMigration.facts(situation);
    return new Treatment.Heals(
        List.of(),
        List.of(new Quarantine(situation.quarantine(facts), List.of(moved), List.of())),
        Stream.concat(facts.stream(), pending.stream()).toList(),
        pending.isEmpty() ? ToolRun.NONE : ToolRun.WELCOME);
  }
}
