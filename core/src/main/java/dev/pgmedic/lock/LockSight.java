package dev.pgmedic.lock;

import dev.pgmedic.lock.LockReport.UnreadTable;
import java.util.List;
import java.util.Optional;

/**
 * What a check sees of a target's locks and sessions, judged as {@code pgmedic locks} judges them.
 *
 * @param locks the locks; those that we know come first
 * @param notShown how many locks of applications there are beside them
 * @param blockades what keeps migrations waiting
 * @param forgotten the sessions that have left a transaction open and keep no migration waiting
 * @param unread the lock tables that could not be read
 * @param atWork who migrates the target right now, in one phrase
 */
public record LockSight(
    List<JudgedLock> locks,
    long notShown,
    List<Blockade> blockades,
    List<Backend> forgotten,
    List<UnreadTable> unread,
    Optional<String> atWork) {

  /** Nobody holds or wants anything. */
  public static final LockSight NOTHING = of(List.of());

  /** Copies the lists. */
  public LockSight {
    locks = List.copyOf(locks);
    blockades = List.copyOf(blockades);
    forgotten = List.copyOf(forgotten);
    unread = List.copyOf(unread);
  }

  /** These locks and nothing else. */
  public static LockSight of(List<JudgedLock> locks) {
    return new LockSight(locks, 0, List.of(), List.of(), List.of(), Optional.empty());
  }

  /** The advisory keys that sessions hold. */
  public List<AdvisoryLock> advisory() {
    return locks.stream()
        .map(JudgedLock::lock)
        .filter(AdvisoryLock.class::isInstance)
        .map(AdvisoryLock.class::cast)
        .filter(lock -> lock.session().isPresent())
        .toList();
  }

  /** Somebody whom no lock shows migrates the target, in one phrase. */
  public LockSight withAtWork(String somebody) {
    return new LockSight(
        locks, notShown, blockades, forgotten, unread, atWork.or(() -> Optional.of(somebody)));
  }
}
