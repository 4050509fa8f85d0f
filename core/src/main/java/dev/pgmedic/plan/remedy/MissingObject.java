package dev.pgmedic.plan.remedy;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.catalog.Loss;
import dev.pgmedic.issue.Finding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Rebuilds a table or type that is gone, and what went with it, from known-good. */
final class MissingObject implements Remedy {

  @Override
  public Treatment treat(Finding finding, Situation situation) {
    return situation.losses().stream()
        .filter(loss -> explains(loss, finding))
        .findFirst()
        .<Treatment>map(loss -> rebuilt(loss, situation))
        .orElse(new Treatment.Person(finding.recommendation()));
  }

  private static boolean explains(Loss loss, Finding finding) {
    return loss.root().identity().equals(finding.subject())
        && (loss.root().kind() == Kind.TABLE || loss.root().kind() == Kind.ENUM);
  }

  private static Treatment rebuilt(Loss loss, Situation situation) {
    List<CatalogObject> gone =
        Stream.concat(Stream.of(loss.root()), loss.symptoms().stream()).toList();
    Set<String> restsOn = new HashSet<>(Set.of(loss.root().identity()));
    for (CatalogObject object : gone) {
      restsOn.addAll(object.needs());
      object.parent().ifPresent(restsOn::add);
    }
    List<String> facts = new ArrayList<>(situation.definitions(restsOn));
    gone.forEach(object -> facts.add("gone: " + object.title()));
    return new Treatment.Heals(gone, List.of(), facts, ToolRun.NONE);
  }
}
