package dev.pgmedic.webhook;

import dev.pgmedic.event.Event;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** An event in a line, for people. */
final class Headline {

  private static final int LONGEST = 500;

  private Headline() {}

  /** One line of at most 500 characters. */
  static String of(Event event) {
    String line = "[" + event.target() + "] " + event.type() + detail(event);
    String clean = line.replaceAll("\\p{Cntrl}+", " ");
    return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST - 1) + "…";
  }

  private static String detail(Event event) {
    JsonObject data = event.data();
    return switch (event.type()) {
      case HEALTH_CHANGED -> health(data);
      case ISSUE_OPENED, ISSUE_UPDATED, ISSUE_RESOLVED ->
          ": "
              + data.getString("severity")
              + " "
              + data.getString("code")
              + ": "
              + data.getString("message");
      case TASK_PROPOSED,
          TASK_APPROVED,
          TASK_REJECTED,
          TASK_EXPIRED,
          TASK_SUPERSEDED,
          TASK_CANCELLED,
          TASK_STARTED,
          TASK_SUCCEEDED,
          TASK_FAILED ->
          ": " + data.getString("summary");
      case STEP_STARTED, STEP_PROGRESS, STEP_SUCCEEDED, STEP_FAILED, STEP_UNDONE ->
          ": " + data.getString("title");
      case MIGRATION_APPLIED -> ": " + data.getString("from") + " to " + data.getString("to");
      case BASELINE_TAKEN -> ": version " + data.getString("version");
    };
  }

  private static String health(JsonObject report) {
    JsonArray issues = report.getJsonArray("issues", new JsonArray());
    String first = issues.isEmpty() ? "" : ": " + issues.getString(0);
    return report.getBoolean("healthy", false)
        ? ": healthy"
        : ": not healthy, " + issues.size() + " open" + first;
  }
}
