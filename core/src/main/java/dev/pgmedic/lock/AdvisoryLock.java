package dev.pgmedic.lock;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * An advisory lock and the session that holds it. What the looking role may not see is absent, and
 * absent means unknown.
 *
 * @param key as {@code pg_try_advisory_lock} takes it; the two-number form is written {@code 1,2}
 * @param ours whether it is pgmedic's migration lock of this database
 * @param configured whether the target's {@code lock_keys} name it
 * @param pid the holder's process; with {@code backendStart} it names one session for ever
 * @param backendStart when the holder's session began
 * @param application what the holder calls itself
 * @param user the role that it logged in with
 * @param client the address that it came from; absent for a Unix socket too
 * @param state the holder's state as {@code pg_stat_activity} words it
 * @param quiet how long that state has lasted: for our own lock, the time since the last beat of
 *     its heart
 * @param waiters how many sessions wait for the key
 */
public record AdvisoryLock(
    String key,
    boolean ours,
    boolean configured,
    int pid,
    Optional<Instant> backendStart,
    Optional<String> application,
    Optional<String> user,
    Optional<String> client,
    Optional<String> state,
    Optional<Duration> quiet,
    long waiters) {

  /** What the evidence says about a holder. */
  public enum Verdict {
    /** It works, or its heart beats. */
    LIVE,
    /** A fact: our key, and no beat for longer than a heart may pause. */
    ORPHANED,
    /** The holder's state may not be seen, or the key belongs to an application. */
    UNKNOWN;

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Judges the holder. Only our own key has a heart, so only our own key can be called orphaned
   * here; a session that is in the middle of a statement or a transaction beats again when that
   * ends.
   *
   * @param pause the longest that a heart may pause
   */
  public Verdict verdict(Duration pause) {
    if (!ours || state.isEmpty() || quiet.isEmpty() || backendStart.isEmpty()) {
      return Verdict.UNKNOWN;
    }
    boolean idle = state.get().equals("idle");
    return idle && quiet.get().compareTo(pause) > 0 ? Verdict.ORPHANED : Verdict.LIVE;
  }

  /** The holder in one phrase for people; everything in it is bounded and quoted. */
  @JsonIgnore
  public String holder() {
    return "session " + pid + application.map(name -> " (\"" + name + "\")").orElse("");
  }
}
