package dev.pgmedic.lock;

import dev.pgmedic.lock.LockReport.Blocking;
import dev.pgmedic.lock.LockReport.Entry;
import dev.pgmedic.lock.LockReport.Kind;
import dev.pgmedic.lock.LockReport.SessionView;
import dev.pgmedic.lock.signature.KnownKey;
import dev.pgmedic.lock.signature.KnownKey.Level;
import dev.pgmedic.postgres.ForeignText;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Turns two looks into what people and programs read. */
final class LockReports {

  /** More sessions of a kind than this say nothing new. */
  private static final int MOST = 10;

  private static final Comparator<Entry> MOST_URGENT_FIRST =
      Comparator.<Entry, Boolean>comparing(entry -> entry.tool().equals(SeenLock.APPLICATION))
          .thenComparing(Entry::verdict)
          .thenComparing(Entry::tool)
          .thenComparing(Entry::key);

  private final Looks looks;
  private final LockJudge judge;
  private final RowJudge rowJudge;

  LockReports(Looks looks, LockLimits limits) {
    this.looks = looks;
    this.judge = new LockJudge(looks, limits);
    this.rowJudge = new RowJudge(looks, limits);
  }

  List<Entry> entries() {
    return Stream.concat(
            looks.now().held().stream().map(this::entry), looks.rows().stream().map(this::entry))
        .sorted(MOST_URGENT_FIRST)
        .toList();
  }

  static Blocking blocking(Blockade blockade) {
    return new Blocking(
        blockade.root().map(LockReports::view),
        blockade.prepared(),
        blockade.migrations().stream().limit(MOST).map(LockReports::view).toList(),
        blockade.others());
  }

  private Entry entry(SessionLock lock) {
    Judgement judgement = judge.judge(lock);
    Optional<Backend> holder = lock.session().map(this::undisturbed);
    return new Entry(
        lock.tool(),
        lock instanceof TableLock ? Kind.TABLE : Kind.ADVISORY,
        visible(lock.key()),
        lock instanceof TableLock ? Optional.of(visible(lock.key())) : Optional.empty(),
        level(lock),
        holder.map(LockReports::view),
        lock.prepared(),
        Optional.empty(),
        Optional.empty(),
        holder.flatMap(this::heldAtLeast).map(Duration::toMillis),
        holder.flatMap(session -> heldAtMost(lock, session)).map(Duration::toMillis),
        holder.stream()
            .flatMap(session -> judge.siblings(lock, session))
            .sorted(Comparator.comparing(Backend::isIdle).thenComparingInt(Backend::pid))
            .limit(MOST)
            .map(LockReports::view)
            .toList(),
        lock.waiting().stream().map(LockReports::view).toList(),
        judgement.verdict(),
        judgement.evidence());
  }

  private Entry entry(LockRow row) {
    Judgement judgement = rowJudge.judge(row);
    return new Entry(
        row.tool(),
        Kind.ROW,
        row.key(),
        Optional.of(visible(row.table().quoted())),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        row.by(),
        row.at(),
        Optional.of(since(row.writtenBefore()).toMillis()),
        row.writtenAfter().map(this::since).map(Duration::toMillis),
        List.of(),
        row.waiting().stream().map(LockReports::view).toList(),
        judgement.verdict(),
        judgement.evidence());
  }

  // The pooler gave us this session, which then had our name and our statements.
  private Backend undisturbed(Backend holder) {
    return looks.isPooled(holder) ? looks.before().find(holder).orElse(holder) : holder;
  }

  // A session outside of any transaction holds no lock of a transaction's.
  private static Optional<Level> level(SessionLock lock) {
    if (lock.session().filter(Backend::isIdleOutsideTransaction).isPresent()) {
      return Optional.of(Level.SESSION);
    }
    return switch (lock) {
      case TableLock table -> Optional.of(Level.TRANSACTION);
      case AdvisoryLock key when key.ours() -> Optional.of(Level.SESSION);
      case AdvisoryLock key ->
          key.known().map(KnownKey::level).filter(level -> level != Level.EITHER);
    };
  }

  // Whoever idles took nothing since it began to; whoever works had it in both looks, or not.
  private Optional<Duration> heldAtLeast(Backend holder) {
    boolean inBoth =
        looks.before().held().stream()
            .flatMap(lock -> lock.session().stream())
            .anyMatch(before -> before.identity().equals(holder.identity()));
    Optional<Duration> seen = inBoth ? Optional.of(looks.apart()) : Optional.empty();
    return holder.isIdle() ? holder.quiet() : seen;
  }

  private Optional<Duration> heldAtMost(SessionLock lock, Backend holder) {
    return level(lock).equals(Optional.of(Level.TRANSACTION))
        ? holder.inTransaction()
        : holder.backendStart().map(this::since);
  }

  private Duration since(Instant start) {
    Duration age = Duration.between(start, looks.now().at());
    return age.isNegative() ? Duration.ZERO : age;
  }

  private static SessionView view(Waiter waiter) {
    return view(waiter.session(), Optional.of(waiter.how()), waiter.since());
  }

  private static SessionView view(Backend session) {
    return view(session, Optional.empty(), Optional.empty());
  }

  private static SessionView view(
      Backend session, Optional<Waiter.How> waits, Optional<Duration> since) {
    return new SessionView(
        session.pid(),
        session.backendStart(),
        session.application(),
        session.user(),
        session.client(),
        session.state(),
        session.quiet().map(Duration::toMillis),
        session.inTransaction().map(Duration::toMillis),
        session.waitsFor(),
        session.blockedBy(),
        session.statement(),
        session.wanted().map(Wanted::words),
        waits,
        since.map(Duration::toMillis));
  }

  private static String visible(String text) {
    return ForeignText.visible(text, ForeignText.NAME);
  }
}
