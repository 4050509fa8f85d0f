package dev.pgmedic.api;

import dev.pgmedic.api.McpTool.Field;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The tools: those that read first, then those that decide. */
final class McpTools {

  private static final String NO_NUL = "^[^\\u0000]*$";

  private static final Field TARGET =
      text("target", "target", false, "The monitored database; left out: all that you may see", 63);
  private static final Field ISSUE = id("issue", "The issue's id");
  private static final Field TASK = id("task", "The recovery task's id");
  private static final Field DIGEST =
      body("plan_digest", true, "The digest of the plan that was read: sha256:...", 200);
  private static final Field COMMENT =
      body("comment", false, "Why, in a person's words; kept with the decision", 2000);
  private static final Field BEHALF =
      body("on_behalf_of", false, "The person who decided; kept in the audit as claimed", 200);

  static final List<McpTool> READING =
      List.of(
          new McpTool(
              McpIncident.TOOL,
              "Explain an incident",
              "What is wrong with a database, what its recovery risks, and the sentence to ask a"
                  + " person before it is approved. Start here.",
              "getHealth",
              HttpMethod.GET,
              List.of(TARGET)),
          new McpTool(
              "read_health",
              "Read the health",
              "Whether a database and its migrations are well, what is wrong, and what to do.",
              "getHealth",
              HttpMethod.GET,
              List.of(TARGET)),
          new McpTool(
              "read_issues",
              "Read the issues",
              "What is wrong, oldest first, each with evidence and the task that heals it.",
              "listIssues",
              HttpMethod.GET,
              List.of(TARGET, one("state", "Left out: both", "open", "resolved"))),
          new McpTool(
              "read_recovery_tasks",
              "Read the recovery tasks",
              "Recoveries with their plans, oldest first.",
              "listRecoveryTasks",
              HttpMethod.GET,
              List.of(
                  TARGET,
                  one(
                      "state",
                      "Left out: all",
                      "awaiting_approval",
                      "approved",
                      "running",
                      "succeeded",
                      "failed",
                      "rejected",
                      "expired",
                      "superseded",
                      "cancelled"))),
          new McpTool(
              "read_recovery_task",
              "Read one recovery task",
              "One recovery: its plan with every statement, digest and data loss, who decided what,"
                  + " and what ran. With wait it answers when the state changes.",
              "getRecoveryTask",
              HttpMethod.GET,
              List.of(
                  TASK,
                  new Field(
                      "wait",
                      "wait",
                      false,
                      new JsonObject()
                          .put("type", "string")
                          .put("pattern", "^([1-9]|1[0-9]|20)s$")
                          .put("description", "At most so long, 1s to 20s")))));

  static final List<McpTool> DECIDING =
      List.of(
          new McpTool(
              "propose_recovery",
              "Ask for a recovery",
              "Turns an issue into a recovery task that waits for an approval, or answers with the"
                  + " one that there is. Runs nothing.",
              "proposeRecovery",
              HttpMethod.POST,
              List.of(ISSUE)),
          new McpTool(
              "approve_recovery",
              "Approve a recovery",
              "Approves exactly the plan with this digest, which then runs. Only after a person has"
                  + " said yes to that plan, and to its data loss where it has one.",
              "approveRecoveryTask",
              HttpMethod.POST,
              List.of(
                  TASK,
                  DIGEST,
                  new Field(
                      "accept_data_loss",
                      "",
                      false,
                      new JsonObject()
                          .put("type", "boolean")
                          .put(
                              "description",
                              "A person accepts that what was lost before stays lost; needed where"
                                  + " the plan's data_loss is not empty")),
                  COMMENT,
                  BEHALF)),
          new McpTool(
              "reject_recovery",
              "Reject a recovery",
              "Rejects the plan with this digest; nothing runs.",
              "rejectRecoveryTask",
              HttpMethod.POST,
              List.of(TASK, DIGEST, COMMENT, BEHALF)),
          new McpTool(
              "cancel_recovery",
              "Call a recovery off",
              "Calls the plan with this digest off, approved or not. One that runs stops before its"
                  + " next step; what is done stays done, and undo_recovery may take it back.",
              "cancelRecoveryTask",
              HttpMethod.POST,
              List.of(TASK, DIGEST, COMMENT, BEHALF)),
          new McpTool(
              "undo_recovery",
              "Ask for an undo",
              "Makes a recovery task that takes back what this one did, or answers with the one"
                  + " that there is. It waits for an approval of its own plan: read it, and ask a"
                  + " person again. Runs nothing.",
              "undoRecoveryTask",
              HttpMethod.POST,
              List.of(TASK)));

  private McpTools() {}

  /** The tool that is called this. */
  static Optional<McpTool> named(String name) {
    return Stream.concat(READING.stream(), DECIDING.stream())
        .filter(tool -> tool.name().equals(name))
        .findFirst();
  }

  private static Field id(String name, String description) {
    return text(name, "id", true, description, 36);
  }

  private static Field body(String name, boolean required, String description, int longest) {
    return text(name, "", required, description, longest);
  }

  private static Field text(
      String name, String parameter, boolean required, String description, int longest) {
    JsonObject schema =
        new JsonObject()
            .put("type", "string")
            .put("minLength", required ? 1 : 0)
            .put("maxLength", longest)
            .put("pattern", NO_NUL)
            .put("description", description);
    return new Field(name, parameter, required, schema);
  }

  private static Field one(String name, String description, String... values) {
    JsonObject schema =
        new JsonObject()
            .put("type", "string")
            .put("enum", new JsonArray(List.of(values)))
            .put("description", description);
    return new Field(name, name, false, schema);
  }
}
