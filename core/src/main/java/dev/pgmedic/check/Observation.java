package dev.pgmedic.check;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.catalog.RowEstimate;
import dev.pgmedic.history.HistoryState;
import dev.pgmedic.lock.AdvisoryLock;
import dev.pgmedic.lock.Verdict;
import dev.pgmedic.plan.TargetIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What one look at a target saw.
 *
 * @param identity which database it is
 * @param catalog its objects
 * @param rows about how many rows its tables have
 * @param locks its advisory locks
 * @param history what its migration tool's records say
 * @param lockPause the longest that the heart of a lock may pause
 */
public record Observation(
    TargetIdentity identity,
    Catalog catalog,
    Map<String, RowEstimate> rows,
    List<AdvisoryLock> locks,
    HistoryState history,
    Duration lockPause) {

  /** Copies the collections. */
  public Observation {
    rows = Map.copyOf(rows);
    locks = List.copyOf(locks);
  }

  /** Whether somebody migrates the target right now: then its catalog is not judged. */
  public boolean migrationAtWork() {
    return history.busy()
        || locks.stream()
            .anyMatch(lock ->
                !lock.isOfAnApplication()
                    && lock.exact()
                    && lock.verdict(lockPause) != Verdict.ORPHANED);
  }
}
