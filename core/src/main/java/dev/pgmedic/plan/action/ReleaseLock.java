package dev.pgmedic.plan.action;

import dev.pgmedic.postgres.Sql;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Ends the one session that holds a lock and whose heart has stopped. Runs before the migration
 * lock is taken, since it frees that very lock.
 *
 * @param key the advisory lock's key
 * @param pid the holder's process
 * @param backendStart when the holder's session began: another session with that process number is
 *     left alone
 * @param silentFor how long the holder must have been silent when the step runs
 */
public record ReleaseLock(String key, int pid, Instant backendStart, Duration silentFor)
    implements Action.EndsSession {

  static final String TYPE = "release_lock";

  @Override
  public StepType type() {
    return StepType.RELEASE_LOCK;
  }

  @Override
  public String title() {
    return "Release the orphaned lock of session " + pid;
  }

  @Override
  public Optional<String> statements() {
    return Optional.of(
        "SELECT pg_catalog.pg_terminate_backend(pid, 5000) AS ended\nFROM"
            + " pg_catalog.pg_stat_activity WHERE "
            + session()
            + "\n  AND "
            + silent());
  }

  @Override
  public Optional<String> condition() {
    return Optional.of(
        "SELECT CASE WHEN count(*) = 0 THEN 'done' WHEN bool_and("
            + silent()
            + ")\n  THEN 'ready' ELSE 'neither' END AS standing\nFROM"
            + " pg_catalog.pg_stat_activity WHERE "
            + session());
  }

  private String session() {
    return "pid = " + pid + " AND backend_start = " + Sql.literal(backendStart.toString());
  }

  private String silent() {
    return "state = 'idle' AND state_change < pg_catalog.clock_timestamp() - interval '"
        + silentFor.toMillis()
        + " milliseconds'";
  }

  @Override
  public String precondition() {
    return "session " + pid + " still holds key " + key + " and its heart has not beaten since";
  }

  @Override
  public String postcondition() {
    return "session " + pid + " is gone";
  }
}
