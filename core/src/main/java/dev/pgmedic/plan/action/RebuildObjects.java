package dev.pgmedic.plan.action;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.pgmedic.catalog.CatalogObject.Key;
import dev.pgmedic.catalog.CatalogObject.Kind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes what is missing, and makes what differs as it was, from known-good definitions, in one
 * transaction, and nothing else.
 *
 * @param role the owner that the step runs as
 * @param objects what is made
 * @param changes what is there and made another
 * @param body the statements, in dependency order; none of them drops, truncates or deletes
 * @param locks the locks that it takes on tables that are there
 */
public record RebuildObjects(
    String role,
    List<Key> objects,
    @JsonSetter(nulls = Nulls.AS_EMPTY) List<Change> changes,
    List<String> body,
    List<String> locks)
    implements Action.Transaction {

  static final String TYPE = "rebuild_objects";

  /** Copies the lists. */
  public RebuildObjects {
    objects = List.copyOf(objects);
    changes = List.copyOf(changes);
    body = List.copyOf(body);
    locks = List.copyOf(locks);
  }

  @Override
  public StepType type() {
    return StepType.REBUILD_OBJECTS;
  }

  @Override
  public String title() {
    return objects.isEmpty()
        ? "Change " + changed() + " back to known-good"
        : "Rebuild "
            + String.join(", ", tops())
            + (changes.isEmpty() ? "" : " and change " + changed() + " back")
            + " from known-good";
  }

  @Override
  public List<String> preparation() {
    return Preparation.forDefinitions(Optional.of(role));
  }

  @Override
  public Optional<String> condition() {
    if (changes.isEmpty()) {
      return Optional.of(Existence.noneOrAll(objects));
    }
    String changed = Change.noneOrAll(changes);
    return Optional.of(objects.isEmpty() ? changed : both(Existence.noneOrAll(objects), changed));
  }

  private static String both(String one, String other) {
    return """
    SELECT CASE WHEN bool_and(standing = 'ready') THEN 'ready'
      WHEN bool_and(standing = 'done') THEN 'done' ELSE 'neither' END AS standing
    FROM ((%s) UNION ALL (%s)) AS each (standing)\
    """
        .formatted(one, other);
  }

  @Override
  public Effect effect() {
    return Effect.METADATA;
  }

  @Override
  public String precondition() {
    return told("missing: ", "as it was seen: ");
  }

  @Override
  public String postcondition() {
    return told("rebuilt: ", "as known-good has it: ");
  }

  private String told(String made, String changed) {
    return Stream.of(
            objects.isEmpty() ? "" : made + names(), changes.isEmpty() ? "" : changed + changed())
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("; "));
  }

  private String changed() {
    return changes.stream()
        .map(change -> change.object().identity())
        .collect(Collectors.joining(", "));
  }

  private String names() {
    List<String> tops = tops();
    int others = objects.size() - tops.size();
    return String.join(", ", tops) + (others == 0 ? "" : " and " + others + " objects with it");
  }

  // What a table or type brings along goes without saying; without one, all are named.
  private List<String> tops() {
    List<Key> tops =
        objects.stream()
            .filter(key -> key.kind() == Kind.TABLE || key.kind() == Kind.ENUM)
            .toList();
    return (tops.isEmpty() ? objects : tops).stream().map(Key::identity).toList();
  }

  @Override
  public List<String> touches() {
    return Stream.concat(objects.stream(), changes.stream().map(Change::object))
        .map(Key::identity)
        .toList();
  }
}
