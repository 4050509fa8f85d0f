package dev.pgmedic.plan;

import dev.pgmedic.postgres.Sql;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
    implements Action {

  static final String TYPE = "release_lock";

  @Override
  public String kind() {
    return TYPE;
  }

  @Override
  public Optional<String> statements() {
    return Optional.of(
        "SELECT pg_terminate_backend(pid, 5000) AS ended FROM pg_stat_activity\nWHERE pid = "
            + pid
            + " AND backend_start = "
            + Sql.literal(backendStart.toString())
            + "\n  AND state = 'idle' AND state_change < clock_timestamp() - interval '"
            + silentFor.toMillis()
            + " milliseconds'");
  }

  @Override
  public Effect effect() {
    return Effect.ENDS_SESSION;
  }

  @Override
  public List<String> locks() {
    return List.of();
  }

  @Override
  public String precondition() {
    return "session " + pid + " still holds key " + key + " and its heart has not beaten since";
  }

  @Override
  public String postcondition() {
    return "session " + pid + " is gone";
  }

  @Override
  public Optional<String> undo() {
    return Optional.empty();
  }
}
