package dev.pgmedic.plan.remedy;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.catalog.Loss;
import dev.pgmedic.issue.Finding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Rebuilds a table or type that is gone from known-good, with what went along and with what all of
 * that rests on, where it is gone too. A table that was renamed is a person's.
 */
final class MissingObject implements Remedy {

  @Override
  public Treatment treat(Finding finding, Situation situation) {
    return situation.losses().stream()
        .filter(loss -> explains(loss, finding))
        .findFirst()
        .map(loss -> rebuilt(loss, situation))
        .orElse(new Treatment.Person(finding.recommendation()));
  }

  private static boolean explains(Loss loss, Finding finding) {
    return loss.root().identity().equals(finding.subject())
        && (loss.root().kind() == Kind.TABLE || loss.root().kind() == Kind.ENUM);
  }

  /** Makes what is gone, what is gone with it, and what it cannot be without. */
  static Treatment rebuilt(Loss loss, Situation situation) {
    Set<Loss> losses = withNeeded(loss, situation);
    Optional<String> renamed =
        losses.stream()
            .map(Loss::root)
            .flatMap(root -> RenamedTable.decision(root, situation).stream())
            .findFirst();
    if (renamed.isPresent()) {
      return new Treatment.Person(renamed.get());
    }
    List<CatalogObject> gone =
        losses.stream()
            .flatMap(one -> Stream.concat(Stream.of(one.root()), one.symptoms().stream()))
            .toList();
    Set<String> restsOn = new HashSet<>();
    losses.forEach(one -> restsOn.add(one.root().identity()));
    gone.forEach(object -> restsOn.addAll(needs(object)));
    List<String> facts = new ArrayList<>(situation.definitions(restsOn));
    gone.forEach(object -> facts.add("gone: " + object.title()));
    return Treatment.Heals.made(gone, facts);
  }

  private static Set<Loss> withNeeded(Loss first, Situation situation) {
    Set<Loss> losses = new LinkedHashSet<>(List.of(first));
    List<Loss> begun = new ArrayList<>(losses);
    while (!begun.isEmpty()) {
      Loss loss = begun.removeLast();
      Set<String> needed = new HashSet<>(needs(loss.root()));
      loss.symptoms().forEach(symptom -> needed.addAll(needs(symptom)));
      situation.losses().stream()
          .filter(other -> needed.contains(other.root().identity()))
          .filter(losses::add)
          .forEach(begun::add);
    }
    return losses;
  }

  private static List<String> needs(CatalogObject object) {
    return Stream.concat(object.needs().stream(), object.parent().stream()).toList();
  }
}
