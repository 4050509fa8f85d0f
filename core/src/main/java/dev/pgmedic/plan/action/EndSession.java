package dev.pgmedic.plan.action;

import dev.pgmedic.lock.Backend;
import dev.pgmedic.postgres.BackendSession;
import dev.pgmedic.postgres.Sql;
import java.time.Instant;
import java.util.Optional;

/**
 * Ends one session that is in the way. What it did and did not commit is rolled back; nothing that
 * is committed is touched.
 *
 * @param pid its process
 * @param backendStart when it began: another session with that process number is left alone
 * @param idleSince when it stopped doing anything in its open transaction, where that is why it is
 *     ended; else it is ended because others wait for a lock of its
 */
public record EndSession(int pid, Instant backendStart, Optional<Instant> idleSince)
    implements Action.EndsSession {

  static final String TYPE = "end_session";

  /** Ends a session because others wait for a lock of its. */
  public static EndSession blocking(BackendSession session) {
    return new EndSession(session.pid(), session.backendStart(), Optional.empty());
  }

  /** Ends a session that has done nothing in its transaction since it was seen. */
  public static EndSession idle(BackendSession session, Backend seen) {
    return new EndSession(session.pid(), session.backendStart(), seen.stateSince());
  }

  @Override
  public StepType type() {
    return StepType.END_SESSION;
  }

  @Override
  public String title() {
    return "End session " + pid;
  }

  @Override
  public Optional<String> statements() {
    return Optional.of(
        "SELECT pg_catalog.pg_terminate_backend(pid, 5000) AS ended\nFROM"
            + " pg_catalog.pg_stat_activity WHERE "
            + session()
            + "\n  AND "
            + still());
  }

  @Override
  public Optional<String> condition() {
    return Optional.of(
        "SELECT CASE WHEN count(*) = 0 THEN 'done' WHEN bool_and("
            + still()
            + ")\n  THEN 'ready' ELSE 'neither' END AS standing\nFROM"
            + " pg_catalog.pg_stat_activity WHERE "
            + session());
  }

  private String session() {
    return "pid = " + pid + " AND backend_start = " + Sql.literal(backendStart.toString());
  }

  private String still() {
    return idleSince
        .map(since ->
            "state LIKE 'idle in transaction%' AND state_change = " + Sql.literal(since.toString()))
        .orElse(
            "EXISTS (SELECT FROM pg_catalog.pg_locks w WHERE NOT w.granted AND "
                + pid
                + " = ANY (pg_catalog.pg_blocking_pids(w.pid)))");
  }

  @Override
  public String precondition() {
    return idleSince
        .map(since -> "session " + pid + " has done nothing in its transaction since " + since)
        .orElse("others still wait for a lock of session " + pid);
  }

  @Override
  public String postcondition() {
    return "session " + pid + " is gone, and what it had not committed is rolled back";
  }
}
