package dev.pgmedic.cli;

import dev.pgmedic.cli.Paper.Ink;
import dev.pgmedic.postgres.ForeignText;
import dev.pgmedic.task.Approval;
import dev.pgmedic.task.StepRun;
import dev.pgmedic.task.TaskState;
import dev.pgmedic.task.TaskView;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Recovery tasks as a server has them, for people. */
final class TaskText {

  private static final int SENTENCE = 2_000;
  private static final int INDENT = 2;
  private static final String MARGIN = " ".repeat(INDENT);

  private final Paper paper;

  TaskText(Paper paper) {
    this.paper = paper;
  }

  /** Where it is, what it would do, what stays lost, and what it waits for. */
  List<String> brief(TaskView task) {
    List<String> lines = new ArrayList<>(state(task));
    lines.addAll(behind("", task.plan().summary()));
    task.plan().dataLoss().forEach(loss -> lines.addAll(new PlanText(paper).of(loss)));
    lines.addAll(course(task));
    return lines;
  }

  /** With the plan, every statement of it, who decided what, and what ran. */
  List<String> whole(TaskView task) {
    List<String> lines = new ArrayList<>(state(task));
    lines.addAll(course(task));
    task.undoOf().ifPresent(undone -> lines.add(MARGIN + "takes back " + undone));
    if (!task.requestedBy().isEmpty()) {
      lines.addAll(behind("asked for by ", String.join(", ", task.requestedBy())));
    }
    lines.addAll(new PlanText(paper).of(task.plan()));
    if (!task.approvals().isEmpty()) {
      lines.addAll(List.of("", "Decisions"));
      task.approvals().forEach(approval -> lines.addAll(decided(approval)));
    }
    if (!task.steps().isEmpty()) {
      lines.addAll(List.of("", "Steps"));
      task.steps().forEach(run -> lines.addAll(ran(task, run)));
    }
    return lines;
  }

  private static Ink ink(TaskState state) {
    return switch (state) {
      case TaskState.AwaitingApproval waits -> Ink.DOUBTFUL;
      case TaskState.Approved approved -> Ink.BLACK;
      case TaskState.Running running -> Ink.BLACK;
      case TaskState.Succeeded succeeded -> Ink.GOOD;
      case TaskState.Failed failed -> Ink.BAD;
      case TaskState.Rejected rejected -> Ink.FAINT;
      case TaskState.Expired expired -> Ink.FAINT;
      case TaskState.Superseded superseded -> Ink.FAINT;
      case TaskState.Cancelled cancelled -> Ink.FAINT;
    };
  }

  private List<String> state(TaskView task) {
    String state = task.state().label();
    return paper.behind(
        paper.in(ink(task.state()), state) + "  ",
        state.length() + 2,
        task.target()
            + ", "
            + task.priority()
            + " priority, proposed "
            + task.createdAt().truncatedTo(ChronoUnit.SECONDS));
  }

  private List<String> course(TaskView task) {
    List<String> lines = new ArrayList<>();
    task.waitsFor()
        .ifPresent(waits ->
            lines.add(
                MARGIN
                    + "waits for "
                    + waits.what().replace('_', ' ')
                    + (waits.what().equals("approvals") ? ", " + counted(task) : "")
                    + ", until "
                    + waits.until().truncatedTo(ChronoUnit.SECONDS)));
    task.cancelRequested().ifPresent(request -> lines.addAll(behind("", request.text())));
    task.outcome().ifPresent(outcome -> lines.addAll(behind("", outcome)));
    lines.add(MARGIN + paper.in(Ink.FAINT, "task " + task.id()));
    return lines;
  }

  private static String counted(TaskView task) {
    long given =
        task.approvals().stream().filter(each -> each.decision().equals("approve")).count();
    return given + " of " + task.approvalsNeeded();
  }

  private List<String> decided(Approval approval) {
    return behind(
        approval.at().truncatedTo(ChronoUnit.SECONDS) + "  ",
        approval.by()
            + ": "
            + approval.decision()
            + (approval.acceptDataLoss() ? ", accepts the loss" : "")
            + (approval.comment().isEmpty() ? "" : ": " + approval.comment()));
  }

  /** One step as far as it has come. */
  List<String> ran(TaskView task, StepRun run) {
    String title = task.plan().steps().get(run.index() - 1).title();
    List<String> lines = new ArrayList<>();
    lines.addAll(behind(run.index() + ". ", title + ": " + run.state()));
    run.output()
        .ifPresent(output -> output.lines().forEach(line -> lines.addAll(behind("   ", line))));
    return lines;
  }

  private List<String> behind(String head, String text) {
    return paper.behind(MARGIN + head, INDENT + head.length(), ForeignText.visible(text, SENTENCE));
  }
}
