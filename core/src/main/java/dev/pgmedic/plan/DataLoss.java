package dev.pgmedic.plan;

import java.time.Instant;
import java.util.Optional;

/**
 * Rows that were gone before we looked and that a plan does not bring back.
 *
 * @param object what comes back empty
 * @param rowsEstimate about how many rows it had, from the server's statistics; 0 when they were
 *     never seen
 * @param seenAt when they were seen last; absent when they never were
 */
public record DataLoss(String object, long rowsEstimate, Optional<Instant> seenAt) {

  /** How many rows, for people, who must not take what nobody counted for none. */
  public String rows() {
    return seenAt.isPresent() ? "about " + rowsEstimate + " rows" : "nobody knows how many rows";
  }
}
