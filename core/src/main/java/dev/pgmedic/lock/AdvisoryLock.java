package dev.pgmedic.lock;

import dev.pgmedic.lock.signature.KnownKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An advisory lock and the session that holds it. What the looking role may not see is absent, and
 * absent means unknown.
 *
 * @param key as {@code pg_try_advisory_lock} takes it; the two-number form is written {@code 1,2}
 * @param ours whether it is pgmedic's migration lock of this database
 * @param configured whether the target's {@code lock_keys} name it
 * @param known which migration tool's key it is
 * @param session who holds it; absent when a prepared transaction does
 * @param prepared the name of the prepared transaction that holds it
 * @param waiting who wants it
 */
public record AdvisoryLock(
    String key,
    boolean ours,
    boolean configured,
    Optional<KnownKey> known,
    Optional<Backend> session,
    Optional<String> prepared,
    List<Waiter> waiting)
    implements SessionLock {

  /** Copies the collection. */
  public AdvisoryLock {
    waiting = List.copyOf(waiting);
  }

  @Override
  public String tool() {
    if (ours) {
      return PGMEDIC;
    }
    return known.map(KnownKey::tool).orElse(configured ? CONFIGURED : APPLICATION);
  }

  /** Whether nobody known to us takes this key: then it belongs to an application. */
  public boolean isOfAnApplication() {
    return tool().equals(APPLICATION);
  }

  @Override
  public boolean exact() {
    return ours || configured || known.filter(KnownKey::exact).isPresent();
  }

  @Override
  public boolean worksUnderAnyName() {
    return known.isEmpty() || known.get().tool().equals("sqitch");
  }

  /** The holder's process; 0 when a prepared transaction holds it. */
  public int pid() {
    return session.map(Backend::pid).orElse(0);
  }

  /** When the holder's session began. */
  public Optional<Instant> backendStart() {
    return session.flatMap(Backend::backendStart);
  }

  /** How many want it. */
  public long waiters() {
    return waiting.size();
  }

  /**
   * Judges the holder by this one look. Only our own key has a heart, so only our own key can be
   * called orphaned here; a session that is in the middle of a statement or a transaction beats
   * again when that ends.
   *
   * @param pause the longest that a heart may pause
   */
  public Verdict verdict(Duration pause) {
    return ours ? Heart.judge(session, pause).verdict() : Verdict.UNKNOWN;
  }
}
