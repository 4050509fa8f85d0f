package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.store.Baselines;
import dev.pgmedic.store.Issues;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an admin confirms, accepts and silences holds from the next check on. */
@Timeout(180)
class KnownGoodTest {

  private final PostgresUrl url = TestDatabases.fresh();
  private final Target target = Target.of("shop", url);
  private final Service service = Service.of(target);
  private final Checks checks = new Checks(service.vertx());
  private final Baselines baselines = new Baselines(service.store());

  @BeforeEach
  void takeABaseline() {
    TestDatabases.run(
        url,
        "CREATE TYPE mood AS ENUM ('good', 'bad')",
        "CREATE TABLE orders (id int PRIMARY KEY, mood mood DEFAULT 'good')",
        "CREATE VIEW bad AS SELECT id FROM orders WHERE mood = 'bad'");
    KnownGood good = checks.knownGood(url);
    assertThat(record()).isEmpty();
    assertThat(
            baselines
                .save(
                    "shop",
                    new Baselines.NewBaseline(
                        Optional.empty(), false, good.catalog(), good.script(), List.of()),
                    Optional.empty())
                .await())
        .isTrue();
  }

  @AfterEach
  void close() {
    service.close();
  }

  /** Checks the target against its known-good, and takes in what was found, as the monitor does. */
  private List<String> record() {
    Diagnosis diagnosis = checks.run(target, version -> baselines.find("shop", version));
    assertThat(new Issues(service.store()).record(target, diagnosis).await().target())
        .isEqualTo("shop");
    return diagnosis.findings().stream().map(Checks::text).toList();
  }

  private String issue(IssueCode code) {
    JsonArray open =
        service.send(Call.get("/api/issues?state=open&code=" + code)).json().getJsonArray("items");
    assertThat(open).hasSize(1);
    return open.getJsonObject(0).getString("id");
  }

  private Reply accept(String id) {
    JsonObject reason = new JsonObject().put("reason", "it is meant");
    return service.send(Call.post("/api/issues/" + id + "/accept", reason).as(Service.ADMIN));
  }

  @Test
  void anAcceptedDifferenceIsPartOfKnownGoodAndNoOtherOneIs() {
    // Given
    TestDatabases.run(
        url, "ALTER TABLE orders ADD note text", "CREATE TABLE stray (id int PRIMARY KEY)");
    assertThat(record())
        .containsExactlyInAnyOrder("schema.drift public.orders.note", "schema.drift public.stray");
    String note =
        service.send(Call.get("/api/issues?state=open")).json().getJsonArray("items").stream()
            .map(JsonObject.class::cast)
            .filter(issue -> issue.getString("subject").endsWith("note"))
            .map(issue -> issue.getString("id"))
            .findFirst()
            .orElseThrow();

    // When
    Reply accepted = accept(note);

    // Then
    assertThat(accepted.json().getString("state")).isEqualTo("resolved");
    assertThat(accepted.json().getString("resolution")).isEqualTo("accepted by root: it is meant");
    assertThat(record()).containsExactly("schema.drift public.stray");
    assertThat(accept(note).problem(409)).isEqualTo("not-acceptable");
    assertThat(accept(issue(IssueCode.SCHEMA_DRIFT)).status()).isEqualTo(200);
    assertThat(service.audited()).containsExactly("root accept shop", "root accept shop");
    assertThat(record()).isEmpty();
    TestDatabases.run(url, "DROP TABLE stray");
    assertThat(record()).containsExactly("table.missing public.stray");
  }

  @Test
  void whatShowsOnlyBecauseOfTheAcceptedIsTakenInWithIt() {
    // Given
    TestDatabases.run(url, "ALTER TYPE mood RENAME VALUE 'bad' TO 'poor'");
    assertThat(record()).containsExactly("enum.value-missing public.mood");

    // When
    Reply accepted = accept(issue(IssueCode.ENUM_VALUE_MISSING));

    // Then
    assertThat(accepted.status()).as(accepted.body()).isEqualTo(200);
    assertThat(record()).isEmpty();
    assertThat(baselines.find("shop", Optional.empty()).await().orElseThrow().script())
        .contains("'poor'");
  }

  @Test
  void whatIsGoneOnPurposeIsNotAskedForAgain() {
    // Given
    TestDatabases.run(url, "DROP VIEW bad");
    assertThat(record()).containsExactly("schema.drift public.bad");

    // When
    Reply accepted = accept(issue(IssueCode.SCHEMA_DRIFT));

    // Then
    assertThat(accepted.status()).as(accepted.body()).isEqualTo(200);
    assertThat(record()).isEmpty();
    TestDatabases.run(url, "CREATE VIEW bad AS SELECT 1 AS id");
    assertThat(record()).containsExactly("schema.drift public.bad");
  }

  @Test
  void whatIsOverByTheTimeOrIsNoDifferenceIsNotAccepted() {
    // Given
    TestDatabases.run(url, "CREATE TABLE stray (id int PRIMARY KEY)");
    assertThat(record()).containsExactly("schema.drift public.stray");
    String over = issue(IssueCode.SCHEMA_DRIFT);
    TestDatabases.run(url, "DROP TABLE stray");
    Diagnosis lost = BrokenShop.found(target, IssueCode.DATA_LOST, "public.orders", "lost");
    assertThat(new Issues(service.store()).record(target, lost).await().target()).isNotNull();

    // When
    Reply late = accept(over);
    Reply other = accept(issue(IssueCode.DATA_LOST));

    // Then
    assertThat(late.problem(409)).isEqualTo("not-acceptable");
    assertThat(other.problem(409)).isEqualTo("not-acceptable");
    assertThat(service.send(Call.get("/api/issues/" + over)).json().getString("state"))
        .isEqualTo("open");
  }

  @Test
  void aBaselineIsConfirmedByNameAndThereAreAsManyAsVersions() {
    // When
    JsonObject before =
        service
            .send(Call.get("/api/targets/shop/baselines"))
            .json()
            .getJsonArray("items")
            .getJsonObject(0);
    Reply confirmed =
        service.send(Call.post("/api/targets/shop/baselines/-/confirm", "").as(Service.ADMIN));
    Reply unknown =
        service.send(Call.post("/api/targets/shop/baselines/7/confirm", "").as(Service.ADMIN));

    // Then
    assertThat(before.getBoolean("confirmed")).isFalse();
    assertThat(before.getString("source")).isEqualTo("baseline");
    assertThat(before.getInteger("objects")).isGreaterThan(3);
    assertThat(confirmed.json().getBoolean("confirmed")).isTrue();
    assertThat(confirmed.json().getString("confirmed_by")).isEqualTo("root");
    assertThat(service.audited()).containsExactly("root confirm shop");
    unknown.problem(404);
    assertThat(baselines.find("shop", Optional.empty()).await().orElseThrow().confirmed()).isTrue();
  }

  @Test
  void aSilencedIssueLastsAndMakesNothingUnhealthy() {
    // Given
    TestDatabases.run(url, "DROP TABLE orders CASCADE");
    assertThat(record()).containsExactly("table.missing public.orders");
    String id = issue(IssueCode.TABLE_MISSING);

    // When
    Reply silenced = service.send(silence(id, Instant.now().plusSeconds(3600).toString()));
    JsonObject quiet = service.send(Call.get("/api/health/database")).json();
    Reply ended = service.send(silence(id, "2020-01-01T00:00:00Z"));
    JsonObject loud = service.send(Call.get("/api/health/database")).json();
    Reply wrong = service.send(silence(id, "tomorrow"));

    // Then
    assertThat(silenced.json().getString("state")).isEqualTo("open");
    assertThat(List.of(quiet.getBoolean("healthy"), loud.getBoolean("healthy")))
        .containsExactly(true, false);
    assertThat(quiet.getJsonArray("issues")).hasSize(1);
    assertThat(quiet.getJsonArray("issue_details").getJsonObject(0).getString("silenced_until"))
        .isEqualTo(silenced.json().getString("silenced_until"));
    assertThat(ended.status()).isEqualTo(200);
    wrong.problem(400);
    assertThat(service.audited()).containsExactly("root silence shop", "root silence shop");
  }

  private static Call silence(String id, String until) {
    JsonObject body = new JsonObject().put("until", until).put("reason", "being worked on");
    return Call.post("/api/issues/" + id + "/silence", body).as(Service.ADMIN);
  }
}
