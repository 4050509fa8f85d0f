package dev.pgmedic.lock;

import dev.pgmedic.json.DurationText;
import dev.pgmedic.lock.signature.ToolTable;
import dev.pgmedic.postgres.ForeignText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

  private String recorded(LockRow row) {
    return "the row is held"
        + row.by().map(name -> " by " + ForeignText.quoted(name)).orElse("; it names no holder")
        + row.at().map(time -> " since " + time).orElse("")
        + row.likelySince()
            .map(since -> ", which is " + words(Duration.between(since, looks.now().at())) + " ago")
            .orElse("")
        + (row.table().shape() == ToolTable.LIQUIBASE_LOCK
            ? " if its clock is UTC's or the server's"
            : "");
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
      evidence.add("no session of this database is as old as the row: its run is gone");
      return Verdict.ORPHANED;
    }
    List<Integer> waiting = Waiters.sessions(row.waiting()).map(Backend::pid).toList();
    List<Backend> working =
        candidates.stream()
            .filter(one -> !waiting.contains(one.pid()))
            .filter(one -> one.workedWithin(limits.idle()))
            .toList();
    List<Backend> there =
        working.stream()
            .filter(one -> row.by().filter(name -> RecordedHost.mayBe(name, one)).isPresent())
            .toList();
    if (!there.isEmpty()) {
      evidence.add(
          LockJudge.pids(there.stream())
              + " may be that run, and worked within "
              + words(limits.idle()));
      return Verdict.LIVE;
    }
    return silent(row, working, evidence);
  }

  private Verdict silent(LockRow row, List<Backend> elsewhere, List<String> evidence) {
    List<String> missing = new ArrayList<>();
    if (row.by().isEmpty()) {
      missing.add("whose it is the row does not say, and sessions as old as the row are left");
    }
    Duration age = age(row);
    if (age.compareTo(limits.idle()) < 0) {
      missing.add("nothing shows that the row is older than " + words(limits.idle()));
    }
    if (row.waiting().isEmpty()) {
      missing.add("nobody is seen to wait for it");
    }
    row.by()
        .ifPresent(name ->
            evidence.add(
                "no session that may be from there has worked for " + words(limits.idle())));
    if (!elsewhere.isEmpty()) {
      evidence.add(
          LockJudge.pids(elsewhere.stream())
              + " from elsewhere worked, and may be that run if addresses are translated");
    }
    if (!missing.isEmpty()) {
      evidence.addAll(missing);
      return Verdict.UNKNOWN;
    }
    evidence.add(
        row.waiting().size() + " wait for it: " + LockJudge.pids(Waiters.sessions(row.waiting())));
    evidence.add("to clear the row may still let a second run start beside a live one");
    return Verdict.SUSPECTED;
  }

  /** For how long the row has probably been as it is. */
  private Duration age(LockRow row) {
    Instant since = row.likelySince().orElse(looks.before().at());
    return Duration.between(
        since.isAfter(looks.before().at()) ? looks.before().at() : since, looks.now().at());
  }

  /** The sessions that are as old as the row. */
  private Stream<Backend> candidates(LockRow row) {
    return looks.now().sessions().stream()
        .filter(Backend::isOfAClient)
        .filter(session -> !looks.isOurs(session))
        .filter(session ->
            session.backendStart().filter(start -> start.isAfter(row.writtenBefore())).isEmpty());
  }

  private static String words(Duration duration) {
    return DurationText.words(duration);
  }
}
