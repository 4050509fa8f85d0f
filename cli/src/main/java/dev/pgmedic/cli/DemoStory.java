package dev.pgmedic.cli;

import dev.pgmedic.json.DurationText;
import dev.pgmedic.plan.DataLoss;
import dev.pgmedic.plan.Step;
import dev.pgmedic.store.Issues;
import dev.pgmedic.store.Reports;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Tasks;
import dev.pgmedic.task.RecoveryTask;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;

/** What the demonstration prints. */
final class DemoStory {

  private final PrintWriter out;

  DemoStory(PrintWriter out) {
    this.out = out;
  }

  private void say(String text) {
    out.println(text);
    out.flush();
  }

  void begin(Duration checkEvery, Duration lockPause) {
    say("pgmedic demo: a HomeLab database, broken as in the guide, and healed.");
    say(
        "Shortened for the demo: a check every "
            + DurationText.format(checkEvery)
            + " (else 30s); a lock is orphaned after "
            + DurationText.format(lockPause)
            + " without a heartbeat (else 15s).");
  }

  void healthy(String server) {
    say("");
    say("== Healthy ==");
    say("  " + server);
    say("  five migrations applied, rows in every table, known-good of version 005 taken");
  }

  void broken() {
    say("");
    say("== Broken ==");
    say("  DROP TABLE google_service_status CASCADE");
    say("  CREATE TYPE voicestatus: left behind by a migration that was given up");
    say("  the migration lock is held by a session whose heart has stopped");
  }

  void found(RecoveryTask task, Store store, String base, String token) {
    say("");
    say("== Found ==");
    new Issues(store)
        .open(task.target()).await().stream()
            .sorted(
                Comparator.comparing(i -> i.finding().code().severity(), Comparator.reverseOrder()))
            .forEach(issue -> {
              say(
                  "  "
                      + issue.finding().code().severity()
                      + "  "
                      + issue.finding().code()
                      + ": "
                      + issue.finding().message());
              say("      " + issue.finding().recommendation());
            });
    plan(task);
    say("");
    say("== Approve ==");
    say("  curl -s -X POST " + base + "/api/recovery-tasks/" + task.id() + "/approve \\");
    say("    -H 'Authorization: Bearer " + token + "' -H 'Content-Type: application/json' \\");
    say("    -d '" + Approver.body(task).encode() + "'");
    say("  watch it: curl -N '" + base + "/api/events?after=beginning'");
  }

  private void plan(RecoveryTask task) {
    say("");
    say(
        "== Plan ("
            + task.priority()
            + " priority, "
            + task.plan().digest().substring(0, 19)
            + "…) ==");
    say("  " + task.plan().summary());
    for (DataLoss loss : task.plan().dataLoss()) {
      say(
          "  LOST BEFORE WE LOOKED: "
              + loss.rows()
              + " of "
              + loss.object()
              + loss.seenAt().map(at -> ", last seen at " + at).orElse(""));
    }
    for (Step step : task.plan().steps()) {
      say("  " + step.index() + ". " + step.title() + "  [" + step.action().type() + "]");
      step.action()
          .statements()
          .ifPresent(sql -> sql.lines().forEach(line -> say("       " + line)));
    }
  }

  void waiting() {
    say("");
    say("Waiting for the approval…");
  }

  /** Prints what a worker just did. */
  void step(RecoveryTask task, JsonObject event) {
    if (event.getString("subject").equals(task.id().toString())
        && event.getString("type").equals("dev.pgmedic.task.approved")) {
      say("");
      say("== Healing ==");
    }
  }

  /** Prints the guide's seven steps from the journal of the task. */
  void healed(RecoveryTask proposed, Store store) {
    RecoveryTask task = new Tasks(store).find(proposed.id()).await().orElseThrow();
    var report = new Reports(store).read(task.target()).await();
    SevenSteps.of(task, report).forEach(line -> say("  " + line));
    say("");
    say(
        (report.healthy() ? "Healthy" : "NOT healthy")
            + " again, "
            + millis(task)
            + " ms from approval to verified.");
    report.issues().forEach(issue -> say("  still open: " + issue));
  }

  private static long millis(RecoveryTask task) {
    Instant approved = task.approvals().get(0).at();
    Instant verified =
        task.steps().stream()
            .flatMap(run -> run.finishedAt().stream())
            .max(Comparator.naturalOrder())
            .orElse(approved);
    return Duration.between(approved, verified).toMillis();
  }

  void stays() {
    say("The service goes on; Ctrl-C ends it and removes everything.");
  }
}
