package dev.pgmedic.cli;

import dev.pgmedic.cli.Paper.Ink;
import dev.pgmedic.issue.Severity;
import dev.pgmedic.postgres.ForeignText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An event for people: when, where, what. Of an event that a newer server tells of, its type. */
final class EventText {

  private static final int SENTENCE = 2_000;

  private final Paper paper;

  EventText(Paper paper) {
    this.paper = paper;
  }

  List<String> of(JsonObject cloudEvent) {
    String time = cloudEvent.getInstant("time").truncatedTo(ChronoUnit.SECONDS) + "  ";
    String target = cloudEvent.getString("source").replaceFirst(".*/", "") + "  ";
    String type = cloudEvent.getString("type").replaceFirst("^dev\\.pgmedic\\.", "");
    JsonObject data = cloudEvent.getJsonObject("data", new JsonObject());
    String text = ForeignText.visible(target + type + "  " + words(type, data), SENTENCE);
    List<String> lines = new ArrayList<>(paper.behind(time, time.length(), text));
    String first = lines.get(0);
    int at = time.length() + target.length();
    if (first.startsWith(type, at)) {
      lines.set(
          0,
          first.substring(0, at)
              + paper.in(ink(type, data), type)
              + first.substring(at + type.length()));
    }
    return lines;
  }

  private static Ink ink(String type, JsonObject data) {
    return switch (type) {
      case "issue.opened", "issue.updated" -> Ink.of(Severity.of(data.getString("severity")));
      case "health.changed" -> data.getBoolean("healthy", false) ? Ink.GOOD : Ink.BAD;
      case "issue.resolved", "step.succeeded", "task.succeeded" -> Ink.GOOD;
      case "step.failed", "task.failed" -> Ink.BAD;
      case "task.proposed" -> Ink.DOUBTFUL;
      default -> Ink.BLACK;
    };
  }

  private static String words(String type, JsonObject data) {
    return switch (type.replaceFirst("\\..*", "")) {
      case "health" -> health(data);
      case "issue" -> issue(data);
      case "task" -> text(data, "summary") + ", task " + text(data, "id");
      case "step" -> step(data);
      case "baseline" -> "version " + text(data, "version");
      case "migration" -> text(data, "from") + " -> " + text(data, "to");
      default -> "";
    };
  }

  private static String health(JsonObject report) {
    int issues = report.getJsonArray("issues", new JsonArray()).size();
    return (report.getBoolean("healthy", false) ? "healthy" : "unhealthy")
        + (issues == 0 ? "" : ", issues: " + issues);
  }

  private static String issue(JsonObject data) {
    return text(data, "severity")
        + " "
        + text(data, "code")
        + ": "
        + text(data, "message")
        + Optional.ofNullable(data.getString("resolution")).map(why -> "; " + why).orElse("");
  }

  private static String step(JsonObject data) {
    String output = Optional.ofNullable(data.getString("output")).orElse("").strip();
    return data.getInteger("index", 0)
        + ". "
        + text(data, "title")
        + (output.isEmpty() ? "" : ": " + output.substring(output.lastIndexOf('\n') + 1));
  }

  private static String text(JsonObject data, String name) {
    return Optional.ofNullable(data.getValue(name)).map(String::valueOf).orElse("-");
  }
}
