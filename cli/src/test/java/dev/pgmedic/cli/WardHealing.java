package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Heals a case through the API: proposes, approves what was shown, and sees that the issue is gone,
 * that every row is still there, and that the tool itself is content and goes on. What is not
 * healed the API must leave to a person.
 */
final class WardHealing {

  private final Api api;
  private final WardCase ward;
  private final WardPatient patient;

  WardHealing(Api api, WardPatient patient) {
    this.api = api;
    this.ward = patient.ward();
    this.patient = patient;
  }

  /** Asks for each issue that the case does not heal; the answer must be a person's decision. */
  void leaveToPersons() {
    assertThat(ward.issues()).as("decide").containsAll(ward.decide().keySet());
    ward.issues().stream()
        .filter(issue -> !ward.heals().contains(issue))
        .forEach(issue -> {
          HttpResponse<String> answer = propose(issue);
          assertThat(answer.statusCode())
              .as(issue + " is neither healed nor a person's: " + answer.body())
              .isEqualTo(409);
          assertThat(answer.body())
              .contains("not-healable", "a person must decide")
              .contains(ward.decide().getOrDefault(issue, ""));
        });
  }

  void heal() {
    if (ward.heals().isEmpty()) {
      return;
    }
    Optional<WardRows> rows = rows();
    ward.heals().stream()
        .filter(issue -> issues().contains(patient.named(issue))) // one plan may heal several
        .forEach(issue -> assertSucceeded(api.ended(approved(issue).getString("id"))));
    assertHealthy();
    assertHealed(ward.heals(), rows);
  }

  /** The approved task that heals an issue. */
  JsonObject approved(String issue) {
    JsonObject task = proposed(issue);
    HttpResponse<String> approved = api.approve(task, true);
    assertThat(approved.statusCode()).as(approved.body()).isEqualTo(200);
    return task;
  }

  /** The task that would heal an issue. */
  JsonObject proposed(String issue) {
    HttpResponse<String> proposed = propose(issue);
    assertThat(proposed.statusCode()).as(proposed.body()).isBetween(200, 201);
    return new JsonObject(proposed.body());
  }

  private HttpResponse<String> propose(String issue) {
    return api.send("POST", "/api/issues/" + id(patient.named(issue)) + "/recovery-task", "");
  }

  static void assertSucceeded(JsonObject ended) {
    assertThat(ended.getString("state")).as(ended.encodePrettily()).isEqualTo("succeeded");
  }

  // What a person must decide is still to be decided, and nothing else is wrong.
  private void assertHealthy() {
    String check = "/api/targets/" + ward.name() + "/check";
    assertThat(api.send("POST", check, "").statusCode()).isEqualTo(200);
    List<String> left = ward.issues().stream().map(patient::named).toList();
    assertThat(open().stream().filter(WardHealing::isGrave).map(WardHealing::title))
        .as("what is wrong after the healing")
        .isSubsetOf(left);
  }

  private static boolean isGrave(JsonObject issue) {
    return Set.of("critical", "high").contains(issue.getString("severity"));
  }

  /** These issues are gone, the rows are those of before, and the tool is content and goes on. */
  void assertHealed(List<String> heals, Optional<WardRows> rows) {
    assertThat(issues())
        .as("healed")
        .doesNotContainAnyElementsOf(heals.stream().map(patient::named).toList());
    rows.ifPresent(were -> assertThat(were.lost()).as("rows that are not there").isEmpty());
    ward.content()
        .run()
        .ifPresent(command ->
            assertThat(patient.asks(command)).contains(ward.content().text().orElse("")));
    patient.goesOn();
  }

  private String id(String issue) {
    return open().stream()
        .filter(found -> title(found).equals(issue))
        .map(found -> found.getString("id"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(issue + " is not open: " + issues()));
  }

  private List<JsonObject> open() {
    return api
        .get("/api/issues?state=open&limit=200&target=" + ward.name())
        .getJsonArray("items")
        .stream()
        .map(JsonObject.class::cast)
        .toList();
  }

  private List<String> issues() {
    return open().stream().map(WardHealing::title).toList();
  }

  private static String title(JsonObject issue) {
    return issue.getString("code") + " " + issue.getString("subject");
  }

  /** The rows as they are now; empty behind a session that blocks, where nobody reads. */
  Optional<WardRows> rows() {
    return ward.heals().stream().anyMatch(issue -> issue.startsWith("session."))
        ? Optional.empty()
        : Optional.of(new WardRows(patient.url()));
  }
}
