package dev.pgmedic.plan.action;

import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import java.util.List;
import java.util.Optional;

/**
 * Makes what is missing from its known-good definition, in one transaction, and nothing else.
 *
 * @param role the owner that the step runs as
 * @param objects what is made
 * @param body the statements, in dependency order; none of them drops, truncates or deletes
 * @param locks the locks that it takes on tables that are there
 */
public record RebuildObjects(String role, List<Key> objects, List<String> body, List<String> locks)
    implements Action.Transaction {

  static final String TYPE = "rebuild_objects";

  /** Copies the lists. */
  public RebuildObjects {
    objects = List.copyOf(objects);
    body = List.copyOf(body);
    locks = List.copyOf(locks);
  }

  @Override
  public StepType type() {
    return StepType.REBUILD_OBJECTS;
  }

  @Override
  public String title() {
    return "Rebuild " + String.join(", ", tops()) + " from known-good";
  }

  @Override
  public List<String> preparation() {
    return Preparation.forDefinitions(Optional.of(role));
  }

  @Override
  public Optional<String> condition() {
    return Optional.of(Existence.noneOrAll(objects));
  }

  @Override
  public Effect effect() {
    return Effect.METADATA;
  }

  @Override
  public String precondition() {
    return "missing: " + names();
  }

  @Override
  public String postcondition() {
    return "rebuilt: " + names();
  }

  private String names() {
    List<String> tops = tops();
    int others = objects.size() - tops.size();
    return String.join(", ", tops) + (others == 0 ? "" : " and " + others + " objects with it");
  }

  private List<String> tops() {
    return objects.stream()
        .filter(key -> key.kind() == Kind.TABLE || key.kind() == Kind.ENUM)
        .map(Key::identity)
        .toList();
  }

  @Override
  public List<String> touches() {
    return objects.stream().map(Key::identity).toList();
  }
}
