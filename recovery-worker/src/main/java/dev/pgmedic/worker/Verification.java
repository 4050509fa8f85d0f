package dev.pgmedic.worker;

import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.Issue;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.issue.Severity;
import dev.pgmedic.plan.DataLoss;
import dev.pgmedic.plan.RecoveryPlan;
import dev.pgmedic.task.RecoveryTask;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a fresh check says about a plan that ran: its issues must be gone, and nothing new may be
 * wrong with what it touched.
 *
 * @param problems what is still or newly wrong; empty means healed
 */
record Verification(List<String> problems) {

  static Verification of(RecoveryPlan plan, List<Issue> before, Diagnosis now) {
    if (now.glance().isEmpty()) {
      return new Verification(List.of("the target is not to be reached"));
    }
    if (plan.heals().isEmpty()) {
      return new Verification(List.of()); // what was healed may be broken again: that was the aim
    }
    if (!plan.heals().stream().allMatch(now::conclusive)) {
      return new Verification(List.of("a migration began meanwhile, so nothing can be judged"));
    }
    Set<Finding.Key> known =
        before.stream().map(issue -> issue.finding().key()).collect(Collectors.toSet());
    Set<String> touched = touched(plan);
    return new Verification(
        now.findings().stream()
            .filter(found ->
                plan.heals().contains(found.key())
                    || (found.code().severity().atLeast(Severity.WARNING)
                        && touched.contains(found.subject())
                        && !known.contains(found.key())
                        && !wasHidden(plan, found)))
            .map(found -> found.code() + ": " + found.message())
            .toList());
  }

  // A type is told of once: what it has too much shows when it lacks nothing any more.
  private static boolean wasHidden(RecoveryPlan plan, Finding found) {
    return found.code() == IssueCode.ENUM_VALUE_UNEXPECTED
        && plan.heals().contains(new Finding.Key(IssueCode.ENUM_VALUE_MISSING, found.subject()));
  }

  private static Set<String> touched(RecoveryPlan plan) {
    Set<String> touched = new HashSet<>();
    plan.steps().stream().flatMap(step -> step.action().touches().stream()).forEach(touched::add);
    plan.heals().forEach(key -> touched.add(key.subject()));
    return touched;
  }

  String text() {
    return problems.isEmpty() ? "a fresh check finds none of it" : String.join("; ", problems);
  }

  /** What stays lost, as findings that a person resolves. */
  static List<Finding> lost(RecoveryTask task) {
    return task.plan().dataLoss().stream().map(loss -> lost(task, loss)).toList();
  }

  private static Finding lost(RecoveryTask task, DataLoss loss) {
    Map<String, Object> evidence = new LinkedHashMap<>();
    evidence.put("recovery_task", task.id().toString());
    evidence.put("rows_estimate", loss.rowsEstimate());
    loss.seenAt().ifPresent(at -> evidence.put("rows_seen_at", at.toString()));
    return new Finding(
        IssueCode.DATA_LOST,
        loss.object(),
        loss.object() + " came back empty: " + loss.rows() + " are lost",
        "Bring the rows back from a backup if there is one, then resolve this issue",
        evidence);
  }
}
