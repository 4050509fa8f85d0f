package dev.pgmedic.lock;

import java.time.Duration;

/**
 * A lock and what is thought of its holder.
 *
 * @param lock the lock
 * @param judgement the verdict and why
 * @param working whether the holder, or a session that looks like another connection of its client,
 *     is known to be at work, so that the lock will be given back
 * @param waitedFor the longest that anybody who still wants it is known to have waited
 */
public record JudgedLock(SeenLock lock, Judgement judgement, boolean working, Duration waitedFor) {

  /** What the evidence says of the holder. */
  public Verdict verdict() {
    return judgement.verdict();
  }

  /** Whether it belongs to an application. */
  public boolean isOfAnApplication() {
    return lock.tool().equals(SeenLock.APPLICATION);
  }

  /** Whether this session holds it. */
  boolean isHeldBy(Backend session) {
    return lock instanceof SessionLock held
        && held.session().filter(holder -> holder.pid() == session.pid()).isPresent();
  }
}
