package dev.pgmedic.monitor;

import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Holds back what a check says of a schema that may still be on its way to a new version. Ten
 * migration tools take no lock, and without a transaction their half of a version is there for all
 * to see. So a warning about the schema is told once it has stood for a while, and while sessions
 * are at work in the database not before it has stood for long. What was told once is told until it
 * is gone. What is high or critical is told at once.
 */
final class Settling {

  private static final Set<IssueCode> WARNINGS =
      Set.of(
          IssueCode.SCHEMA_DRIFT,
          IssueCode.INDEX_INVALID,
          IssueCode.ENUM_LEFTOVER,
          IssueCode.ENUM_VALUE_UNEXPECTED);

  private final DatabaseCheck check;
  private final Target target;
  private final Duration shortly;
  private Map<Finding.Key, Instant> since = new HashMap<>();
  private final Set<Finding.Key> told = new HashSet<>();
  private Instant lastWork = Instant.MIN;

  Settling(DatabaseCheck check, Target target) {
    this.check = check;
    this.target = target;
    this.shortly = check.lockPause();
  }

  /**
   * The diagnosis without what has to stand for longer; it says of that that nobody knows. Looks at
   * the sessions of the target once more when there is such a thing.
   */
  Future<Diagnosis> settle(Diagnosis diagnosis) {
    if (diagnosis.observation().isEmpty()) {
      return Future.succeededFuture(diagnosis);
    }
    Instant now = diagnosis.checkedAt();
    since =
        diagnosis.findings().stream()
            .filter(finding -> WARNINGS.contains(finding.code()))
            .map(Finding::key)
            .distinct()
            .collect(Collectors.toMap(key -> key, key -> since.getOrDefault(key, now)));
    told.retainAll(since.keySet());
    return since.values().stream().anyMatch(first -> isYoung(first, now, target.deadlines().idle()))
        ? check.isAtWork(target).map(work -> without(diagnosis, work, now))
        : Future.succeededFuture(diagnosis);
  }

  private Diagnosis without(Diagnosis diagnosis, boolean work, Instant now) {
    if (work) {
      lastWork = now;
    }
    boolean working = isYoung(lastWork, now, shortly);
    Duration patience = working ? target.deadlines().idle() : shortly;
    Set<Finding.Key> young =
        since.entrySet().stream()
            .filter(seen -> isYoung(seen.getValue(), now, patience))
            .map(Map.Entry::getKey)
            .filter(key -> !told.contains(key))
            .collect(Collectors.toSet());
    since.keySet().stream().filter(key -> !young.contains(key)).forEach(told::add);
    return diagnosis.withholding(young);
  }

  private static boolean isYoung(Instant first, Instant now, Duration age) {
    return Duration.between(first, now).compareTo(age) < 0;
  }
}
