package dev.pgmedic.plan.remedy;

import dev.pgmedic.issue.Finding;
import dev.pgmedic.lock.AdvisoryLock;
import dev.pgmedic.lock.Verdict;
import dev.pgmedic.plan.action.ReleaseLock;
import java.time.Duration;
import java.util.List;

/** Ends the session whose heart has stopped while it holds the migration lock. */
final class OrphanedLock implements Remedy {

  @Override
  public Treatment treat(Finding finding, Situation situation) {
    Duration pause = situation.seen().lockPause();
    return situation.seen().locks().stream()
        .filter(lock -> lock.key().equals(finding.subject()))
        .filter(lock -> lock.verdict(pause) == Verdict.ORPHANED)
        .findFirst()
        .<Treatment>map(lock -> released(lock, pause))
        .orElse(new Treatment.Person(finding.recommendation()));
  }

  private static Treatment released(AdvisoryLock lock, Duration pause) {
    ReleaseLock release =
        new ReleaseLock(lock.key(), lock.pid(), lock.backendStart().orElseThrow(), pause);
    return Treatment.Heals.by(
        release, List.of("holder: " + release.pid() + " " + release.backendStart()));
  }
}
