package dev.pgmedic.lock;

import dev.pgmedic.postgres.BackendSession;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Two looks at one database: what did nothing in between is told from what merely paused.
 *
 * @param before the first look
 * @param now the second one; what it saw is judged
 * @param rowsBefore the lock rows of the first look
 * @param rows the lock rows of the second one
 * @param pooled the sessions that a pooler was seen to give to any client, with a key left on them
 */
record Looks(
    LockLook before,
    LockLook now,
    List<LockRow> rowsBefore,
    List<LockRow> rows,
    Set<BackendSession> pooled) {

  Looks {
    rowsBefore = List.copyOf(rowsBefore);
    rows = List.copyOf(rows);
    pooled = Set.copyOf(pooled);
  }

  Duration apart() {
    return Duration.between(before.at(), now.at());
  }

  /** Whether the session did nothing at all between the looks. */
  boolean unchanged(Backend session) {
    return before.find(session).filter(session::isUnchangedSince).isPresent();
  }

  /** Whether the row is in both looks, in the same version. */
  boolean unchanged(LockRow row) {
    return rowsBefore.stream().anyMatch(row::isSameAs);
  }

  boolean isPooled(Backend session) {
    return session.identity().filter(pooled::contains).isPresent();
  }

  /** Whether it is a session of pgmedic that does not work for a migration tool. */
  boolean isOurs(Backend session) {
    return session.application().filter(name -> name.startsWith("pgmedic-")).isPresent();
  }
}
