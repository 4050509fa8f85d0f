package dev.pgmedic.task;

import dev.pgmedic.issue.Issue;
import dev.pgmedic.plan.DataLoss;
import dev.pgmedic.plan.Step;
import dev.pgmedic.plan.action.Action;
import dev.pgmedic.postgres.ForeignText;
import java.util.ArrayList;
import java.util.List;

/** An incident as Markdown, fit for a ticket. What a database says stays text. */
public final class IncidentReport {

  private static final int LONGEST = 4_000;

  private final List<String> lines = new ArrayList<>();

  private IncidentReport() {}

  /**
   * The report of a task.
   *
   * @param issues those that it heals, as they are now
   */
  public static String of(RecoveryTask task, List<Issue> issues) {
    IncidentReport report = new IncidentReport();
    report.head(task);
    report.found(issues);
    report.plan(task);
    report.approvals(task);
    report.steps(task);
    return String.join("\n", report.lines) + "\n";
  }

  private void head(RecoveryTask task) {
    add("# Incident of " + text(task.target()));
    add("");
    add("- task: `" + task.id() + "`, " + task.priority() + " priority");
    add(
        "- state: **"
            + task.state().label()
            + "**"
            + task.outcome().map(o -> ", " + text(o)).orElse(""));
    add("- proposed: " + task.createdAt());
    if (!task.terms().requestedBy().isEmpty()) {
      add("- asked for by: " + text(String.join(", ", task.terms().requestedBy())));
    }
    if (task.terms().approvals() > 1) {
      add("- approvals needed: " + task.terms().approvals());
    }
    task.cancelRequested()
        .ifPresent(request -> add("- " + text(request.text()) + ", " + request.at()));
    task.approvals().stream()
        .findFirst()
        .ifPresent(first -> add("- first decision: " + first.at()));
    task.steps().stream()
        .flatMap(step -> step.finishedAt().stream())
        .reduce((first, second) -> second.isAfter(first) ? second : first)
        .ifPresent(last -> add("- last step ended: " + last));
  }

  private void found(List<Issue> issues) {
    heading("What was found");
    for (Issue issue : issues) {
      add(
          "- **"
              + issue.finding().code().severity()
              + "** `"
              + issue.finding().code()
              + "`: "
              + text(issue.finding().message()));
      add("  - seen from " + issue.firstSeen() + " to " + issue.lastSeen());
      issue
          .resolution()
          .ifPresent(end -> add("  - resolved " + end.at() + ": " + text(end.reason())));
      issue
          .finding()
          .evidence()
          .forEach((name, value) -> add("  - " + text(name) + ": " + text(String.valueOf(value))));
    }
  }

  private void plan(RecoveryTask task) {
    heading("The plan");
    add(text(task.plan().summary()));
    add("");
    add("Digest `" + task.plan().digest() + "`.");
    for (DataLoss loss : task.plan().dataLoss()) {
      add("");
      add(
          "**Lost before anybody looked:** "
              + loss.rows()
              + " of "
              + text(loss.object())
              + loss.seenAt().map(at -> ", last seen at " + at).orElse("")
              + ".");
    }
    for (Step step : task.plan().steps()) {
      Action action = step.action();
      add("");
      add(
          step.index()
              + ". "
              + text(step.title())
              + " (`"
              + action.type()
              + "`, "
              + action.effect()
              + ")");
      action.statements().ifPresent(sql -> block("sql", sql));
      if (!action.words().isEmpty()) {
        block("sh", String.join(" ", action.words()));
      }
    }
    task.plan().notPinned().forEach(what -> add("- not pinned: " + text(what)));
  }

  private void approvals(RecoveryTask task) {
    heading("Who decided");
    if (task.approvals().isEmpty()) {
      add("Nobody did.");
    }
    for (Approval approval : task.approvals()) {
      add(
          "- "
              + approval.at()
              + ": "
              + text(approval.by())
              + approval
                  .onBehalfOf()
                  .map(whom -> ", as it claims for " + text(whom) + ",")
                  .orElse("")
              + " said "
              + approval.decision()
              + " to `"
              + approval.planDigest()
              + "`"
              + (approval.acceptDataLoss() ? ", and accepts the loss" : "")
              + (approval.comment().isEmpty() ? "" : ": " + text(approval.comment())));
    }
  }

  private void steps(RecoveryTask task) {
    heading("What ran");
    if (task.steps().isEmpty()) {
      add("Nothing.");
    }
    for (StepRun run : task.steps()) {
      add(
          run.index()
              + ". **"
              + run.state()
              + "**, "
              + run.startedAt()
              + run.finishedAt().map(at -> " to " + at).orElse(""));
      run.output().ifPresent(output -> block("", output));
    }
  }

  private void heading(String title) {
    add("");
    add("## " + title);
    add("");
  }

  private void add(String line) {
    lines.add(line);
  }

  // A fence that is longer than any in the text cannot be ended by it.
  private void block(String language, String text) {
    String fence = "```";
    while (text.contains(fence)) {
      fence += "`";
    }
    add("   " + fence + language);
    String cut = text.length() > LONGEST ? text.substring(0, LONGEST) + " …" : text;
    cut.lines()
        .forEach(line -> add("   " + ForeignText.visible(line.replace("\t", "  "), LONGEST)));
    add("   " + fence);
  }

  /** One line in which no character means anything to Markdown or HTML. */
  private static String text(String foreign) {
    return ForeignText.visible(foreign, LONGEST)
        .replaceAll("([\\\\`*_{}\\[\\]<>()#+!|&~])", "\\\\$1");
  }
}
