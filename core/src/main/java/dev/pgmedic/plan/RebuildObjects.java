package dev.pgmedic.plan;

import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import java.util.List;
import java.util.Optional;

/**
 * Makes what is missing from its known-good definition, in one transaction, and nothing else.
 *
 * @param role the owner that the step runs as
 * @param objects what is made
 * @param script the statements, in dependency order; none of them drops, truncates or deletes
 * @param locks the locks that it takes on tables that are there
 */
public record RebuildObjects(String role, List<Key> objects, String script, List<String> locks)
    implements Action {

  static final String TYPE = "rebuild_objects";

  /** Copies the lists. */
  public RebuildObjects {
    objects = List.copyOf(objects);
    locks = List.copyOf(locks);
  }

  @Override
  public String kind() {
    return TYPE;
  }

  @Override
  public Optional<String> statements() {
    return Optional.of(script);
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
    List<String> tops =
        objects.stream()
            .filter(key -> key.kind() == Kind.TABLE || key.kind() == Kind.ENUM)
            .map(Key::identity)
            .toList();
    int others = objects.size() - tops.size();
    return String.join(", ", tops) + (others == 0 ? "" : " and " + others + " objects with it");
  }

  @Override
  public Optional<String> undo() {
    return Optional.empty();
  }
}
