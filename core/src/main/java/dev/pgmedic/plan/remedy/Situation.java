package dev.pgmedic.plan.remedy;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.catalog.Loss;
import dev.pgmedic.check.Observation;
import dev.pgmedic.json.Json;
import dev.pgmedic.target.Target;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What remedies look at.
 *
 * @param target the target
 * @param seen what a check saw of it
 * @param knownGood what it should be
 * @param losses what known-good has and the target lacks, by cause
 */
public record Situation(
    Target target, Observation seen, Optional<KnownGood> knownGood, List<Loss> losses) {

  /** Copies the losses. */
  public Situation {
    losses = List.copyOf(losses);
  }

  /** What a check saw, held against known-good. */
  public static Situation of(Target target, Observation seen, Optional<KnownGood> knownGood) {
    return new Situation(
        target,
        seen,
        knownGood,
        knownGood.map(good -> Loss.between(good.catalog(), seen.catalog())).orElse(List.of()));
  }

  /** The versions that the target's history names, oldest first. */
  List<String> versions() {
    return seen.history().versions();
  }

  /** How the objects of these names are defined now; those that are not there are left out. */
  List<String> definitions(Collection<String> identities) {
    Set<String> names = new HashSet<>(identities);
    return seen.catalog().objects().stream()
        .filter(object -> names.contains(object.identity()))
        .map(Situation::definition)
        .toList();
  }

  /** As {@link #definitions}, with all their parts. */
  List<String> wholeDefinitions(Set<String> identities) {
    return seen.catalog().objects().stream()
        .filter(object ->
            identities.contains(object.identity())
                || object.parent().filter(identities::contains).isPresent())
        .map(Situation::definition)
        .toList();
  }

  /** The schema that what is in the way moves to; another one for other facts. */
  String quarantine(List<String> facts) {
    return "pgmedic_q_" + Json.digest(List.of(seen.identity(), versions(), facts)).substring(7, 15);
  }

  private static String definition(CatalogObject object) {
    return object.title() + " = " + object.definition();
  }
}
