package dev.pgmedic.lock;

import dev.pgmedic.json.DurationText;
import dev.pgmedic.postgres.BackendSession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A session of the server as another session sees it. What the looking role may not see is absent,
 * and absent means unknown. All text is visible and bounded; times are the server's.
 *
 * @param pid its process; with {@code backendStart} it names one session for ever
 * @param backendStart when it began
 * @param application what it calls itself
 * @param user the role that it logged in with
 * @param kind what kind of process it is, as {@code pg_stat_activity} words it
 * @param client the address that it came from; absent for a Unix socket too
 * @param state its state as {@code pg_stat_activity} words it
 * @param stateSince when that state began
 * @param quiet how long that state has lasted
 * @param inTransaction how long its transaction has lasted
 * @param waitsFor what it waits for, type and event
 * @param statement what it runs, or ran last, without literals
 * @param askedFor the advisory key that the statement asks for, where it names one
 * @param wanted the lock that it stands in the queue for
 * @param blockedBy the processes that keep it waiting for that lock; 0 is a prepared transaction
 * @param progress whether the server reports progress of a long command of it
 */
public record Backend(
    int pid,
    Optional<Instant> backendStart,
    Optional<String> application,
    Optional<String> user,
    Optional<String> kind,
    Optional<String> client,
    Optional<String> state,
    Optional<Instant> stateSince,
    Optional<Duration> quiet,
    Optional<Duration> inTransaction,
    Optional<String> waitsFor,
    Optional<String> statement,
    OptionalLong askedFor,
    Optional<Wanted> wanted,
    List<Integer> blockedBy,
    boolean progress) {

  /** Copies the collection. */
  public Backend {
    blockedBy = List.copyOf(blockedBy);
  }

  /** Which session it is for ever; absent when its start may not be seen. */
  public Optional<BackendSession> identity() {
    return backendStart.map(start -> new BackendSession(pid, start));
  }

  /** Whether what it does may be seen at all. */
  boolean isVisible() {
    return state.filter(known -> !known.equals("disabled")).isPresent() && quiet.isPresent();
  }

  /** Whether a client is behind it, as far as may be seen; else it is a process of the server's. */
  public boolean isOfAClient() {
    return kind.filter(known -> !known.equals("client backend")).isEmpty();
  }

  /** Whether it waits for its client, in a transaction or not. */
  boolean isIdle() {
    return state.filter(known -> known.startsWith("idle")).isPresent();
  }

  /** Whether it waits for its client outside of any transaction. */
  boolean isIdleOutsideTransaction() {
    return state.filter(known -> known.equals("idle")).isPresent();
  }

  /** Whether its transaction is open while it waits for its client. */
  public boolean isIdleInTransaction() {
    return state.filter(known -> known.startsWith("idle in transaction")).isPresent();
  }

  /** Whether it has waited for its client for that long. */
  boolean isIdleFor(Duration pause) {
    return isIdle() && quiet.filter(idle -> idle.compareTo(pause) >= 0).isPresent();
  }

  /** Whether it runs a statement, or did so less than {@code pause} ago. */
  boolean workedWithin(Duration pause) {
    return !isIdle() || quiet.filter(idle -> idle.compareTo(pause) >= 0).isEmpty();
  }

  /** Whether both are sessions of the same user at the same address. */
  boolean isNeighbourOf(Backend other) {
    return pid != other.pid && user.equals(other.user) && client.equals(other.client);
  }

  /** Whether both are connections of what looks like one client. */
  boolean isSiblingOf(Backend other) {
    return isNeighbourOf(other) && application.equals(other.application);
  }

  /** Whether it did nothing at all since it was seen as {@code earlier}. */
  boolean isUnchangedSince(Backend earlier) {
    return identity().isPresent()
        && identity().equals(earlier.identity())
        && state.equals(earlier.state)
        && stateSince.isPresent()
        && stateSince.equals(earlier.stateSince);
  }

  /** Which session it is, in words. */
  public String name() {
    return "session " + pid;
  }

  /** What it does, and since when, in words. */
  public String doing() {
    if (!isVisible()) {
      return "state not to be seen";
    }
    return state.orElse("")
        + quiet.map(pause -> " for " + DurationText.words(pause)).orElse("")
        + waitsFor.filter(event -> !isIdle()).map(event -> ", waits for " + event).orElse("");
  }
}
