package dev.pgmedic.plan.remedy;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.issue.Finding;
import java.util.List;
import java.util.Optional;

/**
 * Moves what a version left behind out of the way, so that it can run anew, where no replay told
 * how the rest of it is made: all of it or nothing. A version that altered what was there before is
 * a person's.
 */
final class LeftBehind implements Remedy {

  // Who left more than this behind should look at it.
  private static final int MOST = 20;

  @Override
  public Treatment treat(Finding finding, Situation situation) {
    List<?> present =
        finding.evidence().get("present") instanceof List<?> titles ? titles : List.of();
    List<CatalogObject> objects =
        situation.seen().catalog().objects().stream()
            .filter(object -> present.contains(object.title()))
            .toList();
    Optional<KnownGood> good = situation.knownGood();
    if (good.isEmpty() || objects.isEmpty() || objects.size() > MOST) {
      return new Treatment.Person(finding.recommendation());
    }
    if (objects.size() < present.size()) {
      return new Treatment.Person(
          finding.recommendation() + ": no plan takes a label out of a type that is in use");
    }
    return objects.stream()
        .filter(object -> !Moving.isOf(object.kind()) || isKnown(object, good.get()))
        .findFirst()
        .<Treatment>map(object ->
            new Treatment.Person(
                finding.recommendation()
                    + ": "
                    + object.title()
                    + " is on what was there before, which no plan makes anew for it"))
        .orElseGet(() -> Moving.of(objects, situation, good.get()));
  }

  private static boolean isKnown(CatalogObject object, KnownGood good) {
    return good.catalog().find(object.key()).isPresent();
  }
}
