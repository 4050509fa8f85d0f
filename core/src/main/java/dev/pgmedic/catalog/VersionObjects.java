package dev.pgmedic.catalog;

import dev.pgmedic.catalog.CatalogObject.Key;
import java.util.List;

/**
 * Which objects one migration version makes. What a later version takes away again is not among
 * them.
 *
 * @param version the version as the tool's records call it
 * @param creates the objects that no version before has and that the newest version still has
 * @param definesOnly whether it is known to do nothing else, such as write rows or change what is
 *     there, of which nobody could see afterwards whether it was done
 */
public record VersionObjects(String version, List<Key> creates, boolean definesOnly) {

  /** Copies the list. */
  public VersionObjects {
    creates = List.copyOf(creates);
  }
}
