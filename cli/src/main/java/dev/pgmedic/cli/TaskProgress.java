package dev.pgmedic.cli;

import dev.pgmedic.json.DurationText;
import dev.pgmedic.json.Json;
import dev.pgmedic.postgres.ForeignText;
import dev.pgmedic.task.StepRun;
import dev.pgmedic.task.TaskView;
import dev.pgmedic.task.WaitsFor;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * Shows a recovery while it runs: every step when it has ended, and on a terminal, in one line that
 * is written over, what goes on meanwhile. Blocking.
 */
final class TaskProgress {

  private final ServerClient server;
  private final String path;
  private final Paper paper;
  private final PrintWriter out;
  private final long began = System.nanoTime();
  private int ended;

  TaskProgress(ServerClient server, UUID task, Paper paper, PrintWriter out) {
    this.server = server;
    this.path = "/api/recovery-tasks/" + task;
    this.paper = paper;
    this.out = out;
  }

  /**
   * What the server has of the task once it has ended, or when {@code limit} has passed.
   *
   * @throws ServerUnreachable when the server stops to answer; the recovery goes on
   */
  String follow(Duration limit) {
    String answer = server.text(path);
    while (show(Json.read(answer, TaskView.class)) && elapsed().compareTo(limit) < 0) {
      answer = server.text(path + "?wait=1s");
    }
    overwrite("");
    return answer;
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private boolean show(TaskView task) {
    List<StepRun> over =
        task.steps().stream().skip(ended).takeWhile(run -> !run.state().equals("running")).toList();
    if (!over.isEmpty()) {
      overwrite("");
      over.forEach(run -> new TaskText(paper).ran(task, run).forEach(out::println));
      ended += over.size();
    }
    boolean open = task.state().open();
    overwrite(open ? doing(task) + ", " + DurationText.words(elapsed()) : "");
    return open;
  }

  private static String doing(TaskView task) {
    return task.steps().stream()
        .filter(run -> run.state().equals("running"))
        .findFirst()
        .map(run -> step(task, run))
        .orElseGet(() ->
            task.waitsFor().map(WaitsFor::what).map(what -> "waits for " + what).orElse("runs"));
  }

  private static String step(TaskView task, StepRun run) {
    return "step "
        + run.index()
        + " of "
        + task.plan().steps().size()
        + ": "
        + task.plan().steps().get(run.index() - 1).title();
  }

  // Blanks and not an escape sequence: a dumb terminal knows none.
  private void overwrite(String line) {
    if (paper.isTerminal()) {
      int room = paper.width() - 1;
      String text = line.isEmpty() ? "" : ForeignText.visible("  " + line, room);
      out.print("\r" + " ".repeat(room) + "\r" + text);
    }
    out.flush();
  }
}
