package dev.pgmedic.api;

import dev.pgmedic.plan.action.Effect;
import dev.pgmedic.task.TaskView;
import dev.pgmedic.task.TaskView.PlanView;
import dev.pgmedic.task.TaskView.StepView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What an assistant needs to tell a person of an incident: what is wrong, what the recovery risks,
 * and the sentence to ask. It is told from the plan, so that nobody is asked about less than what
 * would run.
 */
final class McpIncident {

  /** The name of the tool. */
  static final String TOOL = "explain_incident";

  private McpIncident() {}

  /**
   * One incident for each task that waits, and one for each target that is not healthy and has
   * none.
   *
   * @param health what the API answers of one target or of several
   * @param waiting the tasks that wait for an approval
   */
  static JsonObject explain(JsonObject health, List<TaskView> waiting) {
    JsonArray incidents = new JsonArray();
    for (JsonObject report : reports(health)) {
      String target = report.getString("target");
      List<TaskView> tasks = waiting.stream().filter(task -> task.target().equals(target)).toList();
      tasks.forEach(task -> incidents.add(incident(report, task)));
      if (tasks.isEmpty() && !report.getBoolean("healthy")) {
        incidents.add(incident(report));
      }
    }
    return new JsonObject()
        .put("healthy", health.getBoolean("healthy"))
        .put("incidents", incidents);
  }

  private static List<JsonObject> reports(JsonObject health) {
    return health.containsKey("targets")
        ? objects(health.getJsonArray("targets"))
        : List.of(health);
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }

  private static JsonObject incident(JsonObject report, TaskView task) {
    PlanView plan = task.plan();
    return new JsonObject()
        .put("target", task.target())
        .put("what", what(report, Optional.of(task.id().toString())))
        .put("risk", risk(plan))
        .put("ask", ask(task))
        .put("task", task.id().toString())
        .put("plan_digest", plan.digest())
        .put("accept_data_loss", !plan.dataLoss().isEmpty())
        .put("approvals_needed", task.approvalsNeeded())
        .put("expires_at", task.expiresAt().toString());
  }

  private static JsonObject incident(JsonObject report) {
    String advice = String.join("; ", texts(report.getJsonArray("recommendations")));
    return new JsonObject()
        .put("target", report.getString("target"))
        .put("what", what(report, Optional.empty()))
        .put("risk", "No recovery waits for an approval: nothing is changed by itself.")
        .put(
            "ask",
            advice.isEmpty()
                ? "Will you look at it?"
                : "Will you do this yourself, or shall I ask for a recovery: " + advice + "?");
  }

  private static String what(JsonObject report, Optional<String> task) {
    List<String> issues = texts(report.getJsonArray("issues"));
    List<JsonObject> details = objects(report.getJsonArray("issue_details"));
    List<String> told =
        IntStream.range(0, issues.size())
            .filter(
                i -> task.isEmpty() || task.get().equals(details.get(i).getString("recovery_task")))
            .mapToObj(issues::get)
            .toList();
    return told.isEmpty() ? "It is not healthy." : String.join("; ", told) + ".";
  }

  private static List<String> texts(JsonArray array) {
    return array.stream().map(String::valueOf).toList();
  }

  private static String risk(PlanView plan) {
    List<String> risks = new ArrayList<>(lost(plan));
    List<Effect> effects =
        plan.steps().stream()
            .map(StepView::effect)
            .filter(effect -> effect != Effect.READS)
            .distinct()
            .toList();
    effects.forEach(effect -> risks.add(words(effect)));
    if (effects.isEmpty()) {
      risks.add("It only reads.");
    }
    List<String> locks =
        plan.steps().stream().flatMap(step -> step.locks().stream()).distinct().toList();
    if (!locks.isEmpty()) {
      risks.add("It takes locks: " + String.join(", ", locks) + ".");
    }
    plan.notPinned().forEach(what -> risks.add("The digest does not cover " + what + "."));
    risks.add("It takes at most " + longest(plan).toSeconds() + " s and drops nothing with rows.");
    return String.join(" ", risks);
  }

  private static List<String> lost(PlanView plan) {
    return plan.dataLoss().stream()
        .map(loss -> "Lost before, and stays lost: " + loss.rows() + " of " + loss.object() + ".")
        .toList();
  }

  private static String words(Effect effect) {
    return switch (effect) {
      case READS -> "It reads.";
      case METADATA -> "It changes the schema.";
      case MOVES_DATA -> "It moves rows.";
      case ENDS_SESSION -> "It ends sessions of others.";
      case RUNS_COMMAND -> "It runs commands.";
    };
  }

  private static Duration longest(PlanView plan) {
    return plan.steps().stream().map(StepView::timeout).reduce(Duration.ZERO, Duration::plus);
  }

  private static String ask(TaskView task) {
    String steps =
        task.plan().steps().stream()
            .map(step -> step.index() + ". " + step.title())
            .collect(Collectors.joining("; "));
    String loss = lost(task.plan()).stream().map(text -> " " + text).collect(Collectors.joining());
    return "Shall pgmedic run this on "
        + task.target()
        + ": "
        + steps
        + "?"
        + loss
        + " (plan "
        + task.plan().digest()
        + ")";
  }
}
