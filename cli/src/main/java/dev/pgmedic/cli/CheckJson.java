package dev.pgmedic.cli;

import dev.pgmedic.check.HealthReport;
import dev.pgmedic.issue.Issue;
import dev.pgmedic.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What checks found in the shape of the health endpoint: the report of one target, or {@code
 * healthy} of all and {@code targets}. A single look knows neither when an issue opened nor what is
 * done about it: {@code id}, {@code first_seen} and {@code recovery_task} are null.
 */
final class CheckJson {

  private static final UUID NO_ID = new UUID(0, 0);

  private CheckJson() {}

  static String of(List<Checked> checked) {
    List<JsonObject> reports = checked.stream().map(CheckJson::report).toList();
    if (reports.size() == 1) {
      return reports.get(0).encode();
    }
    return new JsonObject()
        .put("healthy", checked.stream().allMatch(Checked::healthy))
        .put("targets", new JsonArray(reports))
        .encode();
  }

  private static JsonObject report(Checked checked) {
    Instant at = checked.diagnosis().checkedAt();
    List<Issue> open =
        checked.findings().stream()
            .map(finding ->
                new Issue(
                    NO_ID,
                    checked.target().name(),
                    finding,
                    at,
                    at,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()))
            .toList();
    HealthReport report =
        HealthReport.of(checked.target().name(), checked.facts(), open, Optional.of(at), at);
    JsonObject fields = new JsonObject(Json.write(report)).put("healthy", checked.healthy());
    for (Object detail : fields.getJsonArray("issue_details")) {
      ((JsonObject) detail).putNull("id").putNull("first_seen");
    }
    return fields;
  }
}
