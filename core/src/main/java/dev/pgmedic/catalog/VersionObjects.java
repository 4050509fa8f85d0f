package dev.pgmedic.catalog;

import dev.pgmedic.catalog.CatalogObject.Key;
import java.util.List;
import java.util.Optional;

/**
 * Which objects one migration version makes. What a later version takes away again is not among
 * them.
 *
 * @param version the version as the tool's records call it
 * @param creates the objects that no version before has and that the newest version still has
 * @param definesOnly whether it is known to do nothing else, such as write rows or change what is
 *     there, of which nobody could see afterwards whether it was done
 * @param definition how they are defined; known of the version alone that comes next
 */
public record VersionObjects(
    String version,
    List<Key> creates,
    boolean definesOnly,
    Optional<VersionDefinition> definition) {

  /** Copies the list. */
  public VersionObjects {
    creates = List.copyOf(creates);
  }

  /** The same with how its objects are defined. */
  public VersionObjects with(VersionDefinition how) {
    return new VersionObjects(version, creates, definesOnly, Optional.of(how));
  }
}
