package dev.pgmedic.lock;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.pgmedic.lock.signature.KnownKey;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who holds which lock of a database, and what to think of it. Its JSON is a contract, told in
 * {@code docs/locks.md}: names stay, and new ones may come.
 *
 * @param target the target's name
 * @param database the database's name
 * @param role the role that looked
 * @param lookedAt when, by the server's clock
 * @param looksApartMs how far apart the two looks were, in milliseconds
 * @param seesAllSessions whether the role may see what other roles' sessions do
 * @param locks the locks; those that somebody should act on first
 * @param blocking what keeps migrations waiting
 * @param locksNotShown how many more there are, all of applications
 * @param unreadTables the lock tables that could not be read
 * @param hints what would let us see more
 */
public record LockReport(
    String target,
    String database,
    String role,
    Instant lookedAt,
    long looksApartMs,
    boolean seesAllSessions,
    List<Entry> locks,
    List<Blocking> blocking,
    long locksNotShown,
    List<UnreadTable> unreadTables,
    List<String> hints) {

  /** Copies the collections. */
  public LockReport {
    locks = List.copyOf(locks);
    blocking = List.copyOf(blocking);
    unreadTables = List.copyOf(unreadTables);
    hints = List.copyOf(hints);
  }

  /**
   * A lock table that is there and could not be read.
   *
   * @param tool whose table it is by its shape
   * @param table its qualified name
   * @param reason what kept us from it, and what helps
   */
  public record UnreadTable(String tool, String table, String reason) {}

  /** What kind of thing is locked. */
  public enum Kind {
    /** A number that means something to whoever takes it. */
    ADVISORY,
    /** A tool's own table. */
    TABLE,
    /** A row of a tool's own table. */
    ROW;

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One lock.
   *
   * @param tool whose it is: a migration tool, {@code pgmedic}, {@code lock_keys} or {@code
   *     application}
   * @param kind what is locked
   * @param key the advisory key, the table, or what tells the row from others
   * @param table the table; absent for an advisory key
   * @param level when the server gives it back by itself; absent where that cannot be told
   * @param holder the session that holds it; absent for a row and a prepared transaction
   * @param preparedTransaction the prepared transaction that holds it
   * @param recordedBy what a row says of its writer
   * @param recordedAt since when, as the row has it
   * @param heldAtLeastMs for how long it has been held at least
   * @param heldAtMostMs for how long it has been held at most
   * @param siblings the sessions that look like other connections of the holder's client
   * @param waiters who wants it
   * @param verdict what the evidence says of the holder
   * @param evidence why, each sentence to be checked by hand
   */
  public record Entry(
      String tool,
      Kind kind,
      String key,
      Optional<String> table,
      Optional<KnownKey.Level> level,
      Optional<SessionView> holder,
      Optional<String> preparedTransaction,
      Optional<String> recordedBy,
      Optional<String> recordedAt,
      Optional<Long> heldAtLeastMs,
      Optional<Long> heldAtMostMs,
      List<SessionView> siblings,
      List<SessionView> waiters,
      Verdict verdict,
      List<String> evidence) {}

  /**
   * What keeps migrations waiting, and will not end by itself.
   *
   * @param root the session at the root of the queue; absent for a prepared transaction, and for a
   *     session of another database
   * @param preparedTransaction the prepared transaction at the root
   * @param migrations the sessions that want to change the schema and cannot, longest wait first
   * @param othersWaiting how many sessions more wait for the same root
   */
  public record Blocking(
      Optional<SessionView> root,
      Optional<String> preparedTransaction,
      List<SessionView> migrations,
      long othersWaiting) {}

  /**
   * One session.
   *
   * @param pid its process; with {@code backendStart} it names one session for ever
   * @param backendStart when it began
   * @param applicationName what it calls itself
   * @param user the role that it logged in with
   * @param client the address that it came from; absent for a Unix socket too
   * @param state its state as {@code pg_stat_activity} words it
   * @param stateForMs how long that state has lasted
   * @param transactionForMs how long its transaction has lasted
   * @param waitsFor what it waits for, type and event
   * @param blockedBy the processes that keep it waiting for a lock
   * @param statement what it runs, or ran last, without literals
   * @param wants the lock that it stands in the server's queue for
   * @param waits how it waits for this lock; there for waiters only
   * @param waitsForMs for how long it has waited in the server's queue
   */
  public record SessionView(
      int pid,
      Optional<Instant> backendStart,
      Optional<String> applicationName,
      Optional<String> user,
      Optional<String> client,
      Optional<String> state,
      Optional<Long> stateForMs,
      Optional<Long> transactionForMs,
      Optional<String> waitsFor,
      List<Integer> blockedBy,
      Optional<String> statement,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> wants,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Waiter.How> waits,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Long> waitsForMs) {}
}
