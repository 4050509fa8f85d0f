package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Heals a case through the API: proposes, approves what was shown, and sees that the issue is gone,
 * that every row is still there, and that the tool itself is content.
 */
final class WardHealing {

  private final Api api;
  private final WardCase ward;
  private final PostgresUrl url;
  private final WardPatient patient;

  WardHealing(Api api, WardPatient patient) {
    this.api = api;
    this.ward = patient.ward();
    this.url = patient.url();
    this.patient = patient;
  }

  void heal() {
    if (ward.heals().isEmpty()) {
      return;
    }
    Map<String, String> rows = rows();
    ward.heals().forEach(issue -> assertSucceeded(api.ended(approved(issue).getString("id"))));
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
    HttpResponse<String> proposed =
        api.send("POST", "/api/issues/" + id(patient.named(issue)) + "/recovery-task", "");
    assertThat(proposed.statusCode()).as(proposed.body()).isBetween(200, 201);
    return new JsonObject(proposed.body());
  }

  static void assertSucceeded(JsonObject ended) {
    assertThat(ended.getString("state")).as(ended.encodePrettily()).isEqualTo("succeeded");
  }

  /** These issues are gone, the rows are those of before, and the tool is content. */
  void assertHealed(List<String> heals, Map<String, String> rows) {
    assertThat(issues())
        .as("healed")
        .doesNotContainAnyElementsOf(heals.stream().map(patient::named).toList());
    assertThat(rows()).as("every row is still there").containsAllEntriesOf(rows);
    ward.content()
        .run()
        .ifPresent(command ->
            assertThat(patient.asks(command)).contains(ward.content().text().orElse("")));
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

  /**
   * By table, without what the tools write into their own. Behind a session that blocks nobody
   * reads.
   */
  Map<String, String> rows() {
    Map<String, String> rows = new TreeMap<>();
    if (ward.heals().stream().anyMatch(issue -> issue.startsWith("session."))) {
      return rows;
    }
    for (String table :
        TestDatabases.query(
            url,
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN"
                + " ('pg_catalog', 'information_schema')"
                + " AND tablename !~ 'lock|migration|alembic|schema_history'")) {
      rows.put(
          table,
          TestDatabases.query(
                  url,
                  "SELECT count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' ORDER BY"
                      + " md5(t::text))), '') FROM "
                      + table
                      + " t")
              .get(0));
    }
    return rows;
  }
}
