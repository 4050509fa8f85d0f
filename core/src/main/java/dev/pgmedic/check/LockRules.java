package dev.pgmedic.check;

import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.lock.AdvisoryLock;
import dev.pgmedic.lock.Backend;
import dev.pgmedic.lock.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Says which advisory locks nobody will give back. A key that nobody knows belongs to an
 * application.
 */
final class LockRules {

  private LockRules() {}

  static List<Finding> apply(Observation seen) {
    return seen.locks().stream().flatMap(lock -> finding(seen, lock)).toList();
  }

  private static Stream<Finding> finding(Observation seen, AdvisoryLock lock) {
    if (lock.verdict(seen.lockPause()) == Verdict.ORPHANED) {
      return Stream.of(
          new Finding(
              IssueCode.LOCK_ORPHANED,
              lock.key(),
              "the migration lock is held by " + lock.holder() + ", whose heart has stopped",
              "End session " + lock.pid() + ": it does nothing and no migration can start",
              evidence(lock)));
    }
    if (lock.isOfAnApplication()) {
      return Stream.of(
          new Finding(
              IssueCode.LOCK_APPLICATION,
              lock.key(),
              "an advisory lock that no known migration tool uses is held by " + lock.holder(),
              "Nothing to do: it belongs to an application and is never touched",
              stable(lock)));
    }
    return Stream.empty();
  }

  private static Map<String, Object> evidence(AdvisoryLock lock) {
    Map<String, Object> evidence = stable(lock);
    lock.session()
        .flatMap(Backend::quiet)
        .ifPresent(quiet -> evidence.put("silent_seconds", quiet.toSeconds()));
    evidence.put("waiters", lock.waiters());
    return evidence;
  }

  private static Map<String, Object> stable(AdvisoryLock lock) {
    Map<String, Object> evidence = new LinkedHashMap<>();
    evidence.put("pid", lock.pid());
    lock.backendStart().ifPresent(start -> evidence.put("backend_start", start.toString()));
    lock.session()
        .ifPresent(session -> {
          session.application().ifPresent(name -> evidence.put("application_name", name));
          session.user().ifPresent(user -> evidence.put("user", user));
          session.state().ifPresent(state -> evidence.put("state", state));
        });
    return evidence;
  }
}
