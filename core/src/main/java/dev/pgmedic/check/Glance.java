package dev.pgmedic.check;

import dev.pgmedic.catalog.RowEstimate;
import dev.pgmedic.history.HistoryState;
import dev.pgmedic.lock.AdvisoryLock;
import dev.pgmedic.lock.LockSight;
import dev.pgmedic.plan.TargetIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What every look at a target sees, whether or not it reads the schema.
 *
 * @param identity which database it is
 * @param stamp the hash of its schema; absent when it changed and was not read anew, or while it
 *     was read
 * @param sight its locks and sessions
 * @param history what its migration tool's records say
 * @param lockPause the longest that the heart of a lock may pause
 * @param rows about how many rows its tables have; empty where that was not read
 */
public record Glance(
    TargetIdentity identity,
    Optional<String> stamp,
    LockSight sight,
    HistoryState history,
    Duration lockPause,
    Map<String, RowEstimate> rows)
    implements Seen {

  /** Copies the estimates. */
  public Glance {
    rows = Map.copyOf(rows);
  }

  /** Its advisory locks. */
  public List<AdvisoryLock> locks() {
    return sight.advisory();
  }

  /** Whether somebody migrates the target right now: then its catalog is not judged. */
  public boolean migrationAtWork() {
    return history.busy() || sight.atWork().isPresent();
  }

  /** The same, of a schema that is not the one that was read last. */
  Glance withoutStamp() {
    return new Glance(identity, Optional.empty(), sight, history, lockPause, rows);
  }

  Glance with(Map<String, RowEstimate> estimates) {
    return new Glance(identity, stamp, sight, history, lockPause, estimates);
  }

  @Override
  public Glance glance() {
    return this;
  }
}
