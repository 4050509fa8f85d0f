package dev.pgmedic.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The catalog that a target should have, and how we know.
 *
 * @param source where it comes from
 * @param confirmed whether anything but the target itself says that it is right
 * @param version the migration version that it belongs to; absent where there is no history
 * @param takenAt when it was taken
 * @param catalog the objects
 * @param script SQL that makes all of it, in dependency order
 * @param rows how many rows each table had when last seen
 * @param unexplained identities that the version before had, that are gone, and that nothing we can
 *     read removes
 * @param versions which objects each migration version makes, oldest first; empty where no replay
 *     told it
 */
public record KnownGood(
    Source source,
    boolean confirmed,
    Optional<String> version,
    Instant takenAt,
    Catalog catalog,
    String script,
    Map<String, RowEstimate> rows,
    Set<String> unexplained,
    List<VersionObjects> versions) {

  /** Copies the collections. */
  public KnownGood {
    rows = Map.copyOf(rows);
    unexplained = Set.copyOf(unexplained);
    versions = List.copyOf(versions);
  }

  /** The same with other objects. */
  public KnownGood with(Catalog other, Set<String> stillUnexplained) {
    return new KnownGood(
        source, confirmed, version, takenAt, other, script, rows, stillUnexplained, versions);
  }

  /** Where a known-good catalog comes from. */
  public enum Source {
    /** Taken from the target itself. */
    BASELINE,
    /** Made by the migrations themselves in a scratch database. */
    REPLAY;

    /** Reads the name as it is written. */
    @com.fasterxml.jackson.annotation.JsonCreator
    public static Source of(String name) {
      return valueOf(name.toUpperCase(java.util.Locale.ROOT));
    }

    @com.fasterxml.jackson.annotation.JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
