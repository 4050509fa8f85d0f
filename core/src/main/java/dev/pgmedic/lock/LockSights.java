package dev.pgmedic.lock;

import dev.pgmedic.postgres.ForeignText;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Judges two looks at a target's locks and sessions. */
final class LockSights {

  private final Looks looks;
  private final LockLimits limits;
  private final Patience patience;
  private final LockJudge judge;
  private final RowJudge rowJudge;

  LockSights(Looks looks, LockLimits limits, Patience patience) {
    this.looks = looks;
    this.limits = limits;
    this.patience = patience;
    this.judge = new LockJudge(looks, limits);
    this.rowJudge = new RowJudge(looks, limits);
  }

  /**
   * Judges them.
   *
   * @param histories the qualified names of the tables that only migrations want
   * @param unread the lock tables that could not be read
   */
  LockSight sight(Set<String> histories, List<LockReport.UnreadTable> unread) {
    List<JudgedLock> locks =
        Stream.concat(
                looks.now().held().stream().map(this::judged),
                looks.rows().stream().map(this::judged))
            .toList();
    List<Blockade> blockades = new Blockades(looks.now(), limits, histories, locks).found();
    return new LockSight(
        locks,
        Math.max(0, looks.now().found() - looks.now().held().size()),
        blockades,
        looks.now().sessions().stream()
            .filter(session -> isForgotten(session, blockades, locks))
            .toList(),
        unread,
        locks.stream().flatMap(lock -> atWork(lock).stream()).findFirst());
  }

  private JudgedLock judged(SessionLock lock) {
    boolean working =
        lock.tool().equals(SeenLock.PGMEDIC)
            || lock.session().filter(holder -> isWorking(lock, holder)).isPresent();
    return new JudgedLock(lock, judge.judge(lock), working, patience.of(lock));
  }

  // A holder of a tool's lock idles for as long as the work runs elsewhere.
  private boolean isWorking(SessionLock lock, Backend holder) {
    return (holder.isVisible() && !holder.isIdle())
        || judge
            .siblings(lock, holder)
            .anyMatch(sibling -> sibling.isVisible() && sibling.workedWithin(limits.idle()));
  }

  private JudgedLock judged(LockRow row) {
    Judgement judgement = rowJudge.judge(row);
    return new JudgedLock(row, judgement, judgement.verdict() == Verdict.LIVE, patience.of(row));
  }

  private boolean isForgotten(Backend session, List<Blockade> blockades, List<JudgedLock> locks) {
    return session.isOfAClient()
        && session.isIdleInTransaction()
        && session.isIdleFor(limits.idle())
        && !looks.isOurs(session)
        && blockades.stream().noneMatch(blockade -> blockade.pid() == session.pid())
        && locks.stream()
            .filter(lock -> !lock.isOfAnApplication() && lock.isHeldBy(session))
            .allMatch(lock -> lock.verdict() == Verdict.LIVE && !lock.working());
  }

  private static Optional<String> atWork(JudgedLock judged) {
    return switch (judged.lock()) {
      case SessionLock lock ->
          judged.isOfAnApplication() || !lock.exact() || judged.verdict() == Verdict.ORPHANED
              ? Optional.empty()
              : Optional.of(lock.tool() + "'s lock is held by " + lock.holder());
      case LockRow row ->
          judged.verdict() == Verdict.LIVE
              ? Optional.of(
                  row.tool()
                      + "'s lock row is held"
                      + row.by().map(by -> " by " + ForeignText.quoted(by)).orElse(""))
              : Optional.empty();
    };
  }
}
