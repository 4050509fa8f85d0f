package dev.pgmedic.target;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the owner of a target says must be there. Names without a schema are meant in {@code
 * public}.
 *
 * @param tables qualified table names, {@code schema.name}
 * @param enums labels in order by qualified type name
 */
public record Expectation(Set<String> tables, Map<String, List<String>> enums) {

  /** Nothing is said. */
  public static final Expectation NONE = new Expectation(Set.of(), Map.of());

  /** Qualifies every name and copies the collections. */
  public Expectation {
    Set<String> qualified = new TreeSet<>();
    tables.forEach(name -> qualified.add(qualify(name)));
    Map<String, List<String>> types = new TreeMap<>();
    enums.forEach((name, labels) -> types.put(qualify(name), List.copyOf(labels)));
    tables = qualified;
    enums = types;
  }

  /** Whether the owner said anything at all. */
  public boolean isEmpty() {
    return tables.isEmpty() && enums.isEmpty();
  }

  private static String qualify(String name) {
    return name.contains(".") ? name : "public." + name;
  }
}
