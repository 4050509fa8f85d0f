package dev.pgmedic.cli;

import dev.pgmedic.cli.Paper.Ink;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.json.DurationText;
import dev.pgmedic.plan.DataLoss;
import dev.pgmedic.postgres.ForeignText;
import dev.pgmedic.task.TaskView.PlanView;
import dev.pgmedic.task.TaskView.StepView;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** A plan for people, with every statement that would run. */
final class PlanText {

  private static final int LONGEST = 2_000;
  private static final int INDENT = 5;
  private static final String LOST = "LOST BEFORE WE LOOKED:";

  private final Paper paper;

  PlanText(Paper paper) {
    this.paper = paper;
  }

  /** What is wrong, the plan or why there is none, and what is left to a person. */
  List<String> of(Prescription found) {
    List<String> lines = new ArrayList<>();
    found.diagnosis().findings().forEach(finding -> lines.addAll(found(finding)));
    found
        .plan()
        .map(PlanView::of)
        .ifPresentOrElse(plan -> lines.addAll(of(plan)), () -> lines.addAll(none(found)));
    return lines;
  }

  private List<String> found(Finding finding) {
    String severity = finding.code().severity().toString();
    return paper.behind(
        paper.in(Ink.of(finding.code().severity()), severity) + "  ",
        severity.length() + 2,
        finding.code() + ": " + visible(finding.message()));
  }

  private List<String> none(Prescription found) {
    List<String> lines = new ArrayList<>(List.of(""));
    if (found.atWork().isPresent()) {
      lines.addAll(
          paper.behind(
              "No plan: ",
              9,
              visible(found.atWork().get()) + "; until that has ended the schema is not judged."));
      return lines;
    }
    if (found.diagnosis().findings().isEmpty()) {
      lines.add(paper.in(Ink.GOOD, "Nothing is wrong, so nothing is planned."));
      return lines;
    }
    lines.add("No plan:");
    found
        .left()
        .forEach(
            finding -> lines.addAll(paper.behind("  - ", 4, visible(finding.recommendation()))));
    return lines;
  }

  /** The plan alone. */
  List<String> of(PlanView plan) {
    List<String> lines = new ArrayList<>(List.of("", "Plan " + plan.digest()));
    lines.addAll(paper.behind("  ", 2, visible(plan.summary())));
    plan.dataLoss().forEach(loss -> lines.addAll(of(loss)));
    plan.steps().forEach(step -> lines.addAll(of(step)));
    plan.notPinned().forEach(what -> lines.addAll(paper.behind("  not pinned: ", 14, what)));
    return lines;
  }

  /** What stays lost. */
  List<String> of(DataLoss loss) {
    return paper.behind(
        "  " + paper.in(Ink.WORST, LOST) + " ",
        LOST.length() + 3,
        loss.rows()
            + " of "
            + visible(loss.object())
            + loss.seenAt()
                .map(at -> ", last seen at " + at.truncatedTo(ChronoUnit.SECONDS))
                .orElse(""));
  }

  private List<String> of(StepView step) {
    List<String> lines = new ArrayList<>(List.of(""));
    String number = "  " + step.index() + ". ";
    lines.addAll(paper.behind(number, INDENT, visible(step.title()) + "  [" + step.type() + "]"));
    String touches =
        step.effect()
            + ", at most "
            + DurationText.format(step.timeout())
            + (step.locks().isEmpty() ? "" : "; " + String.join(", ", step.locks()));
    paper
        .behind(" ".repeat(INDENT), INDENT, touches)
        .forEach(line -> lines.add(paper.in(Ink.FAINT, line)));
    step.sql().ifPresent(sql -> lines.addAll(indented(sql)));
    step.command().ifPresent(words -> lines.addAll(named("$ ", String.join(" ", words))));
    lines.addAll(named("before: ", step.precondition()));
    lines.addAll(named("after: ", step.postcondition()));
    step.undo()
        .ifPresent(sql -> {
          lines.add(" ".repeat(INDENT) + "undo:");
          lines.addAll(indented(sql));
        });
    return lines;
  }

  private List<String> named(String name, String text) {
    return paper.behind(" ".repeat(INDENT) + name, INDENT + name.length(), visible(text));
  }

  private static List<String> indented(String sql) {
    return sql.lines()
        .map(line -> " ".repeat(INDENT + 2) + visible(line.replace("\t", "  ")))
        .toList();
  }

  private static String visible(String text) {
    return ForeignText.visible(text, LONGEST);
  }
}
