package dev.pgmedic.monitor;

import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.check.Unsettled;
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
 * Holds back what a check says of a schema that may still be on its way to a new version. What is
 * there too much, or without its record, is told once it has stood for a while, and while sessions
 * are at work in the database not before it has stood for long. What is missing or failed is told
 * at once, but where there is a migration history and sessions are at work: there it has to stand
 * for the while. What was told once is told until it is gone.
 *
 * @see Unsettled
 */
final class Settling {

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
    Instant now = diagnosis.checkedAt();
    since = since(diagnosis, now);
    told.retainAll(since.keySet());
    return since.entrySet().stream().anyMatch(seen -> mayBeYoung(seen, now))
        ? check.isAtWork(target).map(work -> without(diagnosis, work, now))
        : Future.succeededFuture(diagnosis);
  }

  // A glance says nothing of the schema, and so leaves what is known of that.
  private Map<Finding.Key, Instant> since(Diagnosis diagnosis, Instant now) {
    boolean migrated = Unsettled.isMigrated(diagnosis);
    Map<Finding.Key, Instant> standing =
        diagnosis.findings().stream()
            .map(Finding::key)
            .filter(
                key -> Unsettled.isMore(key.code()) || (migrated && Unsettled.isLess(key.code())))
            .distinct()
            .collect(Collectors.toMap(key -> key, key -> since.getOrDefault(key, now)));
    if (diagnosis.observation().isEmpty()) {
      since.forEach((key, first) -> {
        if (key.code() != IssueCode.MIGRATION_FAILED) {
          standing.putIfAbsent(key, first);
        }
      });
    }
    return standing;
  }

  private Diagnosis without(Diagnosis diagnosis, boolean work, Instant now) {
    if (work) {
      lastWork = now;
    }
    boolean working = isYoung(lastWork, now, shortly);
    Set<Finding.Key> young =
        since.entrySet().stream()
            .filter(seen ->
                isYoung(seen.getValue(), now, patience(seen.getKey().code(), work, working)))
            .map(Map.Entry::getKey)
            .filter(key -> !told.contains(key))
            .collect(Collectors.toSet());
    since.keySet().stream().filter(key -> !young.contains(key)).forEach(told::add);
    return diagnosis.withholding(young);
  }

  private boolean mayBeYoung(Map.Entry<Finding.Key, Instant> seen, Instant now) {
    return !told.contains(seen.getKey())
        && isYoung(seen.getValue(), now, patience(seen.getKey().code(), true, true));
  }

  private Duration patience(IssueCode code, boolean work, boolean working) {
    if (Unsettled.isLess(code)) {
      return work ? shortly : Duration.ZERO;
    }
    return working ? target.deadlines().idle() : shortly;
  }

  private static boolean isYoung(Instant first, Instant now, Duration age) {
    return Duration.between(first, now).compareTo(age) < 0;
  }
}
