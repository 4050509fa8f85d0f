package dev.pgmedic.lock;

import dev.pgmedic.json.DurationText;
import dev.pgmedic.lock.signature.ToolTable;
import dev.pgmedic.postgres.ForeignText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Judges a lock row. It names no session, so the question is which sessions of the database could
 * be the run that wrote it: none means that the run is gone for certain.
 */
final class RowJudge {

  private final Looks looks;
  private final LockLimits limits;

  RowJudge(Looks looks, LockLimits limits) {
    this.looks = looks;
    this.limits = limits;
  }

  Judgement judge(LockRow row) {
    List<String> evidence = new ArrayList<>(List.of(recorded(row)));
    Verdict verdict = verdict(row, evidence);
    return new Judgement(verdict, evidence);
  }

  private static String recorded(LockRow row) {
    return "the row is held"
        + row.by().map(name -> " by " + ForeignText.quoted(name)).orElse("; it names no holder")
        + row.at().map(time -> " since " + time + " (as it was written)").orElse("");
  }

  private Verdict verdict(LockRow row, List<String> evidence) {
    if (row.table().shape() == ToolTable.PGROLL_MIGRATIONS) {
      evidence.add("a migration of pgroll may stay open for days; \"pgroll status\" says more");
      return Verdict.UNKNOWN;
    }
    if (row.leaseEnds().isPresent()) {
      return leased(row.leaseEnds().get(), evidence);
    }
    if (!looks.unchanged(row)) {
      evidence.add("it was not there, or another, in the look before");
      return Verdict.LIVE;
    }
    return bySessions(row, evidence);
  }

  private Verdict leased(Instant ends, List<String> evidence) {
    Duration left = Duration.between(looks.now().at(), ends);
    if (left.isNegative()) {
      evidence.add("its lease ended " + words(left.negated()) + " ago");
      evidence.add("the next run takes an ended lease over by itself");
      return Verdict.ORPHANED;
    }
    evidence.add("its lease ends in " + words(left) + "; a live holder renews it");
    return Verdict.LIVE;
  }

  private Verdict bySessions(LockRow row, List<String> evidence) {
    List<Backend> candidates = candidates(row).toList();
    List<Backend> hidden = candidates.stream().filter(one -> !one.isVisible()).toList();
    if (!hidden.isEmpty()) {
      evidence.add("what " + LockJudge.pids(hidden.stream()) + " may not be seen by this role");
      return Verdict.UNKNOWN;
    }
    if (candidates.isEmpty()) {
      evidence.add(
          "no session of this database can be that run: none that is older than the row is left but"
              + " those that wait for it");
      return Verdict.ORPHANED;
    }
    List<Backend> working =
        candidates.stream()
            .filter(one -> one.workedWithin(limits.idle()))
            .filter(one -> row.by().isPresent() && mayBeAt(one, row.by().get()))
            .toList();
    if (!working.isEmpty()) {
      evidence.add(
          LockJudge.pids(working.stream())
              + " may be that run, and worked within "
              + words(limits.idle()));
      return Verdict.LIVE;
    }
    return silent(row, candidates, evidence);
  }

  private Verdict silent(LockRow row, List<Backend> candidates, List<String> evidence) {
    List<String> missing = new ArrayList<>();
    Duration age = age(row);
    if (row.by().isEmpty()) {
      missing.add(LockJudge.pids(candidates.stream()) + " may be that run; the row does not say");
    }
    if (age.compareTo(limits.idle()) < 0) {
      missing.add("nothing shows that the row is older than " + words(limits.idle()));
    }
    if (row.waiting().isEmpty()) {
      missing.add("nobody is seen to wait for it");
    }
    row.by()
        .ifPresent(name ->
            evidence.add(
                "no session from the recorded address has worked for " + words(limits.idle())));
    if (!missing.isEmpty()) {
      evidence.addAll(missing);
      return Verdict.UNKNOWN;
    }
    evidence.add("the row is at least " + words(age) + " old");
    evidence.add(
        row.waiting().size() + " wait for it: " + LockJudge.pids(Waiters.sessions(row.waiting())));
    evidence.add("older sessions from elsewhere are left: " + LockJudge.pids(candidates.stream()));
    evidence.add("to clear the row may still let a second run start beside a live one");
    return Verdict.SUSPECTED;
  }

  /** How old the row is at least. */
  private Duration age(LockRow row) {
    Duration written = Duration.between(row.writtenBefore(), looks.now().at());
    return written.compareTo(looks.apart()) > 0 ? written : looks.apart();
  }

  /** The sessions that could be the run that wrote the row. */
  private Stream<Backend> candidates(LockRow row) {
    List<Integer> waiting = Waiters.sessions(row.waiting()).map(Backend::pid).toList();
    return looks.now().sessions().stream()
        .filter(Backend::isOfAClient)
        .filter(session -> !looks.isOurs(session) && !waiting.contains(session.pid()))
        .filter(session ->
            session.backendStart().filter(start -> start.isAfter(row.writtenBefore())).isEmpty());
  }

  /** Whether a session may come from where the row says; behind a socket everybody may. */
  private static boolean mayBeAt(Backend session, String by) {
    Optional<String> address = session.client();
    return address.isEmpty()
        || address.get().startsWith("127.")
        || address.get().startsWith("::1")
        || by.contains(address.get());
  }

  private static String words(Duration duration) {
    return DurationText.words(duration);
  }
}
