package dev.pgmedic.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.pgmedic.check.HealthReport;
import dev.pgmedic.issue.Issue;
import dev.pgmedic.json.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  static Map<String, Object> of(List<Checked> checked) {
    List<Map<String, Object>> reports = checked.stream().map(CheckJson::report).toList();
    if (reports.size() == 1) {
      return reports.get(0);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("healthy", checked.stream().allMatch(Checked::healthy));
    all.put("targets", reports);
    return all;
  }

  private static Map<String, Object> report(Checked checked) {
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
                    Optional.empty()))
            .toList();
    HealthReport report =
        HealthReport.of(checked.target().name(), checked.facts(), open, Optional.of(at), at);
    Map<String, Object> fields =
        Json.read(Json.write(report), new TypeReference<LinkedHashMap<String, Object>>() {});
    fields.put("healthy", checked.healthy());
    fields.put("issue_details", details(report));
    return fields;
  }

  private static List<Map<String, Object>> details(HealthReport report) {
    List<Map<String, Object>> details =
        Json.read(
            Json.write(report.issueDetails()), new TypeReference<List<Map<String, Object>>>() {});
    details.forEach(detail -> {
      detail.replace("id", null);
      detail.replace("first_seen", null);
    });
    return details;
  }
}
