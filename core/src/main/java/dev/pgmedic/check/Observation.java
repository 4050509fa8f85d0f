package dev.pgmedic.check;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.catalog.Dependence;
import dev.pgmedic.catalog.RowEstimate;
import dev.pgmedic.history.HistoryState;
import dev.pgmedic.lock.AdvisoryLock;
import dev.pgmedic.plan.TargetIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one look at a target saw, the schema too.
 *
 * @param glance what every look sees
 * @param catalog its objects
 * @param rows about how many rows its tables have
 * @param dependences what rests on the objects that drifted, directly or not; absent when nobody
 *     looked
 */
public record Observation(
    Glance glance,
    Catalog catalog,
    Map<String, RowEstimate> rows,
    Optional<List<Dependence>> dependences)
    implements Seen {

  /** Copies the collections. */
  public Observation {
    rows = Map.copyOf(rows);
    dependences = dependences.map(List::copyOf);
  }

  /** One that did not look at what rests on what. */
  public Observation(Glance glance, Catalog catalog, Map<String, RowEstimate> rows) {
    this(glance, catalog, rows, Optional.empty());
  }

  /** The same with what rests on its drifted objects. */
  public Observation with(List<Dependence> seen) {
    return new Observation(glance, catalog, rows, Optional.of(seen));
  }

  /** Which database it is. */
  public TargetIdentity identity() {
    return glance.identity();
  }

  /** The hash of its schema. */
  public Optional<String> stamp() {
    return glance.stamp();
  }

  /** Its advisory locks. */
  public List<AdvisoryLock> locks() {
    return glance.locks();
  }

  /** What its migration tool's records say. */
  public HistoryState history() {
    return glance.history();
  }

  /** The longest that the heart of a lock may pause. */
  public Duration lockPause() {
    return glance.lockPause();
  }

  /** Whether somebody migrates the target right now: then its catalog is not judged. */
  public boolean migrationAtWork() {
    return glance.migrationAtWork();
  }
}
