package dev.pgmedic.check;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.catalog.Loss;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.target.Expectation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes one difference from known-good a part of it. Everything else that differs stays a fault,
 * and nothing becomes one: what shows only because of the accepted difference, such as a stored
 * expression that names a new label, is taken in with it.
 */
public final class Acceptance {

  private static final Set<IssueCode> DIFFERENCES =
      Set.of(
          IssueCode.SCHEMA_DRIFT,
          IssueCode.TABLE_MISSING,
          IssueCode.ENUM_MISSING,
          IssueCode.ENUM_VALUE_MISSING,
          IssueCode.ENUM_VALUE_UNEXPECTED,
          IssueCode.ENUM_ORDER,
          IssueCode.ENUM_LEFTOVER,
          IssueCode.CONSTRAINT_NOT_VALID);

  // Each round takes in what the one before laid open.
  private static final int ROUNDS = 10;

  private final Observation seen;
  private final KnownGood good;

  private Acceptance(Observation seen, KnownGood good) {
    this.seen = seen;
    this.good = good;
  }

  /** Whether a fault of this kind may be a difference from known-good. */
  public static boolean isDifference(IssueCode code) {
    return DIFFERENCES.contains(code);
  }

  /**
   * Known-good with the difference in it; empty when the difference is not one from known-good,
   * such as one from what the owner expects, or is not to be seen any more.
   */
  public static Optional<KnownGood> of(Finding.Key accepted, Observation seen, KnownGood good) {
    Set<Finding.Key> before = differences(seen, good);
    if (!isDifference(accepted.code()) || !before.contains(accepted)) {
      return Optional.empty();
    }
    Set<String> subjects = new HashSet<>(Set.of(accepted.subject()));
    for (int round = 0; round < ROUNDS; round++) {
      KnownGood taken = new Acceptance(seen, good).taking(subjects);
      Set<Finding.Key> after = differences(seen, taken);
      List<String> laidOpen =
          after.stream().filter(key -> !before.contains(key)).map(Finding.Key::subject).toList();
      if (after.contains(accepted)) {
        return Optional.empty();
      }
      if (laidOpen.isEmpty()) {
        return Optional.of(taken);
      }
      subjects.addAll(laidOpen);
    }
    return Optional.empty();
  }

  /** Whether nothing that is seen differs from known-good, nor half a version of it is there. */
  public static boolean agrees(Observation seen, KnownGood good) {
    return CatalogRules.apply(seen, Optional.of(good), Expectation.NONE).stream()
        .map(Finding::code)
        .noneMatch(code -> isDifference(code) || code == IssueCode.MIGRATION_PARTIAL);
  }

  private static Set<Finding.Key> differences(Observation seen, KnownGood good) {
    return CatalogRules.apply(seen, Optional.of(good), Expectation.NONE).stream()
        .map(Finding::key)
        .filter(key -> isDifference(key.code()))
        .collect(Collectors.toSet());
  }

  private KnownGood taking(Set<String> subjects) {
    Map<Key, CatalogObject> objects = new LinkedHashMap<>();
    good.catalog().objects().forEach(object -> objects.put(object.key(), object));
    whole(Loss.between(good.catalog(), seen.catalog()), subjects)
        .forEach(gone -> objects.remove(gone.key()));
    whole(Loss.between(seen.catalog(), good.catalog()), subjects)
        .forEach(added -> objects.put(added.key(), added));
    seen.catalog().objects().stream()
        .filter(object -> subjects.contains(object.identity()))
        .filter(object -> objects.containsKey(object.key()))
        .forEach(object -> objects.put(object.key(), object));
    Set<String> unexplained = new HashSet<>(good.unexplained());
    unexplained.removeIf(title -> subjects.contains(CatalogRules.subject(title)));
    return good.with(new Catalog(objects.values()), unexplained);
  }

  private static List<CatalogObject> whole(List<Loss> losses, Set<String> subjects) {
    List<CatalogObject> objects = new ArrayList<>();
    for (Loss loss : losses) {
      if (subjects.contains(loss.root().identity())) {
        objects.add(loss.root());
        objects.addAll(loss.symptoms());
      }
    }
    return objects;
  }
}
