package dev.pgmedic.cli;

import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.check.HealthReport.Facts;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.Severity;
import dev.pgmedic.target.Target;
import java.util.Comparator;
import java.util.List;

/**
 * One target and what a check found there.
 *
 * @param target the target
 * @param diagnosis what was found
 */
record Checked(Target target, Diagnosis diagnosis) {

  /** Whether it was seen at all; one that did not answer in time was not. */
  boolean answered() {
    return diagnosis.observation().isPresent();
  }

  /** Whether something as bad as this, or worse, is wrong. */
  boolean has(Severity severity) {
    return diagnosis.findings().stream()
        .anyMatch(finding -> finding.code().severity().atLeast(severity));
  }

  /** As everywhere: seen, and nothing of high or above. */
  boolean healthy() {
    return answered() && !has(Severity.HIGH);
  }

  /** What is wrong, worst first. */
  List<Finding> findings() {
    return diagnosis.findings().stream()
        .sorted(
            Comparator.comparing((Finding finding) -> finding.code().severity())
                .reversed()
                .thenComparing(Finding::subject))
        .toList();
  }

  /** What was seen that is no issue. */
  Facts facts() {
    return Facts.of(target, diagnosis, Facts.NONE);
  }
}
