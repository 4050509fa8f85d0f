package dev.pgmedic.catalog;

import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An object that is gone, and what is gone only because of it: its own parts, and whatever could
 * not be without it, such as the views and foreign keys that a CASCADE took along.
 *
 * @param root the object whose loss explains the others
 * @param symptoms the others
 */
public record Loss(CatalogObject root, List<CatalogObject> symptoms) {

  /** Copies the symptoms. */
  public Loss {
    symptoms = List.copyOf(symptoms);
  }

  /** All that {@code before} has and {@code after} lacks, grouped by cause. */
  public static List<Loss> between(Catalog before, Catalog after) {
    Map<String, CatalogObject> carriers = new LinkedHashMap<>();
    List<CatalogObject> gone = new ArrayList<>();
    for (CatalogObject object : before.objects()) {
      if (after.find(object.key()).isEmpty()) {
        gone.add(object);
        if (canCarry(object.kind())) {
          carriers.put(object.identity(), object);
        }
      }
    }
    Map<Key, List<CatalogObject>> symptoms = new LinkedHashMap<>();
    Map<Key, CatalogObject> roots = new LinkedHashMap<>();
    for (CatalogObject object : gone) {
      CatalogObject root = rootOf(object, carriers, gone.size());
      roots.putIfAbsent(root.key(), root);
      List<CatalogObject> others = symptoms.computeIfAbsent(root.key(), k -> new ArrayList<>());
      if (!root.key().equals(object.key())) {
        others.add(object);
      }
    }
    return roots.values().stream()
        .map(root -> new Loss(root, symptoms.getOrDefault(root.key(), List.of())))
        .toList();
  }

  private static boolean canCarry(Kind kind) {
    return switch (kind) {
      case TABLE, COLUMN, ENUM, VIEW, MATERIALIZED_VIEW, FUNCTION -> true;
      case CONSTRAINT, INDEX, TRIGGER, POLICY, SEQUENCE -> false;
    };
  }

  // The limit ends the walk on a catalog that says of two objects that each needs the other.
  private static CatalogObject rootOf(
      CatalogObject object, Map<String, CatalogObject> carriers, int limit) {
    CatalogObject root = object;
    for (int i = 0; i < limit; i++) {
      Optional<CatalogObject> above = above(root, carriers);
      if (above.isEmpty()) {
        return root;
      }
      root = above.get();
    }
    return root;
  }

  private static Optional<CatalogObject> above(
      CatalogObject object, Map<String, CatalogObject> carriers) {
    Optional<CatalogObject> parent =
        object.parent().flatMap(name -> Optional.ofNullable(carriers.get(name)));
    return parent.or(() ->
        object.needs().stream()
            .filter(name -> !name.equals(object.identity()))
            .flatMap(name -> Optional.ofNullable(carriers.get(name)).stream())
            .findFirst());
  }
}
