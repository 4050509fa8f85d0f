package dev.pgmedic.catalog;

import java.util.List;
import java.util.Optional;

/**
 * How the objects that a migration version makes are defined.
 *
 * @param objects they
 * @param script SQL that makes all that is there once the version ran, in dependency order
 */
public record VersionDefinition(List<CatalogObject> objects, String script) {

  /** Copies the list. */
  public VersionDefinition {
    objects = List.copyOf(objects);
  }

  /** The same, owned by another role in the objects and the script. */
  public VersionDefinition ownedBy(Optional<String> owner, String before, String after) {
    return new VersionDefinition(
        objects.stream()
            .map(object -> object.ownedBy(object.owner().flatMap(none -> owner)))
            .toList(),
        script.replace(before, after));
  }
}
