package dev.pgmedic.check;

import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.lock.AdvisoryLock;
import dev.pgmedic.lock.Backend;
import dev.pgmedic.lock.JudgedLock;
import dev.pgmedic.lock.LockRow;
import dev.pgmedic.lock.LockSight;
import dev.pgmedic.lock.SeenLock;
import dev.pgmedic.lock.SessionLock;
import dev.pgmedic.lock.Verdict;
import dev.pgmedic.lock.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Says which locks nobody will give back, and which are waited for in vain. A key that nobody knows
 * belongs to an application; a wait that ends by itself is no fault.
 */
final class LockRules {

  private final Duration patience;

  private LockRules(Duration patience) {
    this.patience = patience;
  }

  /**
   * Judges the locks.
   *
   * @param patience how long a lock may be waited for before somebody should look
   */
  static List<Finding> apply(LockSight seen, Duration patience) {
    LockRules rules = new LockRules(patience);
    List<Finding> findings = new ArrayList<>();
    seen.locks().stream()
        .filter(lock -> !lock.isOfAnApplication())
        .flatMap(lock -> rules.finding(lock).stream())
        .forEach(findings::add);
    seen.locks().stream()
        .filter(JudgedLock::isOfAnApplication)
        .limit(Shown.MOST)
        .flatMap(lock -> application(lock.lock()))
        .forEach(findings::add);
    return findings;
  }

  private Optional<Finding> finding(JudgedLock judged) {
    return switch (judged.lock()) {
      case SessionLock lock -> finding(judged, lock);
      case LockRow row -> finding(judged, row);
    };
  }

  private Optional<Finding> finding(JudgedLock judged, SessionLock lock) {
    return switch (judged.verdict()) {
      case ORPHANED -> Optional.of(orphaned(judged, lock));
      case SUSPECTED -> Optional.of(suspected(judged, lock));
      case LIVE, UNKNOWN ->
          waitsInVain(judged) ? Optional.of(contended(judged, lock)) : Optional.empty();
    };
  }

  private static Finding orphaned(JudgedLock judged, SessionLock lock) {
    int pid = lock.session().map(Backend::pid).orElse(0);
    boolean ours = lock.tool().equals(SeenLock.PGMEDIC);
    return new Finding(
        IssueCode.LOCK_ORPHANED,
        lock.key(),
        ours
            ? "the migration lock is held by " + lock.holder() + ", whose heart has stopped"
            : lock.tool()
                + "'s lock is held by "
                + lock.holder()
                + ", which a pooler hands on from client to client: nobody will give it back",
        "End session " + pid + ": it does nothing and no migration can start",
        evidence(judged));
  }

  private static Finding suspected(JudgedLock judged, SessionLock lock) {
    int pid = lock.session().map(Backend::pid).orElse(0);
    return new Finding(
        IssueCode.LOCK_ORPHANED,
        lock.key(),
        lock.tool()
            + "'s lock is probably orphaned: "
            + lock.holder()
            + " holds it and does nothing, and nor does any session like it, while others wait",
        "Make sure that no run of "
            + lock.tool()
            + " is alive, then end session "
            + pid
            + ": to end it may end a live run",
        evidence(judged));
  }

  private Finding contended(JudgedLock judged, SessionLock lock) {
    return new Finding(
        IssueCode.LOCK_CONTENDED,
        lock.key(),
        lock.tool()
            + "'s lock is waited for in vain: "
            + lock.holder()
            + " holds it, and nothing shows that it is at work",
        lock.session().isPresent()
            ? "Find out what " + lock.holder() + " is, and end it if no migration is behind it"
            : "Find out whose the prepared transaction is, and commit it or roll it back",
        evidence(judged));
  }

  private Optional<Finding> finding(JudgedLock judged, LockRow row) {
    String subject = row.table().identity() + " " + row.key();
    boolean heals = row.leaseEnds().isPresent(); // whoever comes next takes it over
    if (judged.verdict() == Verdict.ORPHANED && !heals) {
      return Optional.of(
          new Finding(
              IssueCode.LOCK_ROW_STALE,
              subject,
              row.tool()
                  + "'s lock row "
                  + subject
                  + " is held"
                  + row.by().map(by -> " by " + Shown.text(by)).orElse("")
                  + ", whose run is gone",
              "Clear the row, " + release(row) + ": no migration can start",
              evidence(judged)));
    }
    return judged.verdict() == Verdict.SUSPECTED || (!heals && waitsInVain(judged))
        ? Optional.of(
            new Finding(
                IssueCode.LOCK_CONTENDED,
                subject,
                row.tool()
                    + "'s lock row "
                    + subject
                    + " is waited for in vain: nothing shows that the run that wrote it is at work",
                "Make sure that no run of " + row.tool() + " is alive, then " + release(row),
                evidence(judged)))
        : Optional.empty();
  }

  private static String release(LockRow row) {
    return switch (row.tool()) {
      case "liquibase" -> "with liquibase release-locks";
      case "knex" -> "with knex migrate:unlock";
      default -> "by hand";
    };
  }

  private boolean waitsInVain(JudgedLock judged) {
    return !judged.working() && judged.waitedFor().compareTo(patience) >= 0;
  }

  private static Stream<Finding> application(SeenLock lock) {
    return lock instanceof AdvisoryLock key && key.session().isPresent()
        ? Stream.of(
            new Finding(
                IssueCode.LOCK_APPLICATION,
                key.key(),
                "an advisory lock that no known migration tool uses is held by " + key.holder(),
                "Nothing to do: it belongs to an application and is never touched",
                holder(key)))
        : Stream.empty();
  }

  private static Map<String, Object> evidence(JudgedLock judged) {
    SeenLock lock = judged.lock();
    Map<String, Object> evidence =
        switch (lock) {
          case SessionLock held -> holder(held);
          case LockRow row -> row(row);
        };
    evidence.put("tool", lock.tool());
    evidence.put("verdict", judged.verdict().toString());
    evidence.put("why", judged.judgement().evidence());
    evidence.put("waiters", lock.waiting().size());
    evidence.put(
        "waiting",
        lock.waiting().stream()
            .map(Waiter::session)
            .limit(SessionEvidence.MOST)
            .map(SessionEvidence::of)
            .toList());
    evidence.put("waited_seconds", judged.waitedFor().toSeconds());
    return evidence;
  }

  private static Map<String, Object> holder(SessionLock lock) {
    Map<String, Object> evidence =
        lock.session().map(SessionEvidence::of).orElseGet(LinkedHashMap::new);
    lock.prepared().ifPresent(gid -> evidence.put("prepared_transaction", gid));
    return evidence;
  }

  private static Map<String, Object> row(LockRow row) {
    Map<String, Object> evidence = new LinkedHashMap<>();
    evidence.put("table", row.table().identity());
    evidence.put("row", row.key());
    row.by().ifPresent(by -> evidence.put("recorded_by", by));
    row.at().ifPresent(at -> evidence.put("recorded_at", at));
    evidence.put("row_version", row.version());
    return evidence;
  }
}
