package dev.pgmedic.check;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares the labels of an enum type, which is where a swallowed "already exists" hides a
 * different definition.
 */
public final class EnumRules {

  private EnumRules() {}

  /** The labels of an enum type, in order. */
  public static List<String> labels(CatalogObject type) {
    return type.definition().isEmpty()
        ? List.of()
        : Json.read(type.definition(), new TypeReference<List<String>>() {});
  }

  static Optional<Finding> compare(
      String name, List<String> wanted, List<String> found, String knownGood) {
    List<String> missing = wanted.stream().filter(label -> !found.contains(label)).toList();
    List<String> extra = found.stream().filter(label -> !wanted.contains(label)).toList();
    Map<String, Object> evidence =
        Map.of("known_good", knownGood, "expected", wanted, "found", found);
    if (!missing.isEmpty()) {
      return Optional.of(
          new Finding(
              IssueCode.ENUM_VALUE_MISSING,
              name,
              name + " lacks " + missing,
              "Add " + missing + " to " + name,
              evidence));
    }
    if (!extra.isEmpty()) {
      return Optional.of(
          new Finding(
              IssueCode.ENUM_VALUE_UNEXPECTED,
              name,
              name + " has " + extra + ", which no known version has",
              "Put the labels into a migration, or accept them as known-good",
              evidence));
    }
    return wanted.equals(found)
        ? Optional.empty()
        : Optional.of(
            new Finding(
                IssueCode.ENUM_ORDER,
                name,
                name + " has its labels in another order",
                "Nothing breaks unless queries compare or sort by it",
                evidence));
  }
}
