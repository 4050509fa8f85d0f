package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who changed what is kept with the change, and never changed itself. */
@Timeout(120)
class AuditTest {

  private final PostgresUrl stored = TestDatabases.fresh();
  private final BrokenShop shop = BrokenShop.healable();
  private final Service service = new Service(Service.Setup.of(shop.target()).withStore(stored));

  @AfterEach
  void close() {
    service.close();
  }

  private static Call act(RecoveryTask task, String verb, JsonObject body) {
    return Call.post("/api/recovery-tasks/" + task.id() + "/" + verb, body);
  }

  private static JsonObject yes(RecoveryTask task) {
    return new JsonObject()
        .put("plan_digest", task.plan().digest())
        .put("accept_data_loss", true)
        .put("on_behalf_of", "somebody@example.com")
        .put("comment", "go");
  }

  private JsonArray audit(String query) {
    return service
        .send(Call.get("/api/audit" + query).as(Service.ADMIN))
        .json()
        .getJsonArray("items");
  }

  @Test
  void anApprovalIsKeptWithWhoFromWhereAndWhatTheySaw() {
    // Given
    RecoveryTask task = shop.propose(service);

    // When
    Reply reply =
        service.send(
            act(task, "approve", yes(task)).as(Service.APPROVER).with("X-Request-Id", "run-7"));

    // Then
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.headers()).containsEntry("X-Request-Id", "run-7");
    assertThat(audit("")).hasSize(1);
    JsonObject entry = audit("").getJsonObject(0);
    assertThat(entry.getMap())
        .containsEntry("actor", "jarvis")
        .containsEntry("kind", "person")
        .containsEntry("authenticated_by", "config token")
        .containsEntry("on_behalf_of", "somebody@example.com")
        .containsEntry("address", "127.0.0.1")
        .containsEntry("request_id", "run-7")
        .containsEntry("action", "approve")
        .containsEntry("target", "shop")
        .containsEntry("subject", task.id().toString())
        .containsEntry("digest", task.plan().digest())
        .containsEntry("comment", "go");
    assertThat(entry.getInstant("at")).isNotNull();
    JsonObject approval = reply.json().getJsonArray("approvals").getJsonObject(0);
    assertThat(approval.getString("by")).isEqualTo("jarvis");
    assertThat(approval.getString("on_behalf_of")).isEqualTo("somebody@example.com");
    assertThat(approved().getString("on_behalf_of")).isEqualTo("somebody@example.com");
  }

  private JsonObject approved() {
    Call call = Call.get("/api/events?type=task.approved").with("Accept", "application/json");
    return service.send(call).json().getJsonArray("items").getJsonObject(0).getJsonObject("data");
  }

  @Test
  void anAgentIsToldFromAPersonAndClaimsForWhomItActs() {
    // Given
    RecoveryTask task = shop.propose(service);
    JsonObject token =
        new JsonObject().put("name", "bot").put("role", "approver").put("kind", "agent");
    Reply made = service.send(Call.post("/api/tokens", token).as(Service.ADMIN));
    String bearer = "Bearer " + made.json().getString("secret");

    // When
    Reply rejected = service.send(act(task, "reject", yes(task)).with("Authorization", bearer));

    // Then
    assertThat(rejected.status()).as(rejected.body()).isEqualTo(200);
    assertThat(rejected.json().getJsonArray("approvals").getJsonObject(0).getMap())
        .containsEntry("by", "bot")
        .containsEntry("on_behalf_of", "somebody@example.com")
        .containsEntry("decision", "reject");
    assertThat(audit("").getJsonObject(1).getMap())
        .containsEntry("actor", "bot")
        .containsEntry("kind", "agent")
        .containsEntry("authenticated_by", "token of the store")
        .containsEntry("on_behalf_of", "somebody@example.com");
  }

  @Test
  void whatIsRefusedOrFoundNowhereLeavesNothing() {
    // Given
    RecoveryTask task = shop.propose(service);
    JsonObject other = yes(task).put("plan_digest", "sha256:0");
    JsonObject malformed = yes(task).put("on_behalf_of", 5);
    String nowhere = "/api/recovery-tasks/" + UUID.randomUUID() + "/cancel";

    // When
    Reply mismatch = service.send(act(task, "approve", other).as(Service.APPROVER));
    Reply invalid = service.send(act(task, "approve", malformed).as(Service.APPROVER));
    Reply viewer = service.send(act(task, "approve", yes(task)).as(Service.VIEWER));
    Reply unknown = service.send(Call.post(nowhere, new JsonObject()).as(Service.APPROVER));

    // Then
    mismatch.problem(409);
    invalid.problem(400);
    viewer.problem(403);
    unknown.problem(404);
    assertThat(audit("")).isEmpty();
  }

  @Test
  void anApprovalThatCannotBeAuditedIsNone() {
    // Given
    RecoveryTask task = shop.propose(service);
    TestDatabases.run(stored, "ALTER TABLE pgmedic.audit ADD CHECK (action <> 'approve')");

    // When
    Reply reply = service.send(act(task, "approve", yes(task)).as(Service.APPROVER));

    // Then
    reply.problem(503);
    JsonObject now = service.send(Call.get("/api/recovery-tasks/" + task.id())).json();
    assertThat(now.getString("state")).isEqualTo("awaiting_approval");
    assertThat(now.getJsonArray("approvals")).isEmpty();
  }

  @Test
  void itIsPagedForAdminsAlone() {
    // Given
    RecoveryTask first = shop.propose(service);
    Reply one = service.send(act(first, "reject", new JsonObject()).as(Service.APPROVER));
    RecoveryTask second = shop.propose(service);
    Reply two = service.send(act(second, "cancel", new JsonObject()).as(Service.ADMIN));

    // When
    JsonObject page = service.send(Call.get("/api/audit?limit=1").as(Service.ADMIN)).json();
    JsonArray rest = audit("?after=" + page.getString("next_after"));
    Reply approver = service.send(Call.get("/api/audit").as(Service.APPROVER));
    Reply malformed = service.send(Call.get("/api/audit?after=x").as(Service.ADMIN));

    // Then
    assertThat(List.of(one.status(), two.status())).containsOnly(200);
    assertThat(page.getJsonArray("items")).hasSize(1);
    assertThat(page.getJsonArray("items").getJsonObject(0).getString("action")).isEqualTo("reject");
    assertThat(rest).hasSize(1);
    assertThat(rest.getJsonObject(0).getString("action")).isEqualTo("cancel");
    assertThat(rest.getJsonObject(0).getString("actor")).isEqualTo("root");
    approver.problem(403);
    malformed.problem(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE pgmedic.audit SET actor = 'nobody'",
        "DELETE FROM pgmedic.audit",
        "TRUNCATE pgmedic.audit",
      })
  void nobodyRewritesIt(String statement) {
    // Given
    RecoveryTask task = shop.propose(service);
    Reply rejected = service.send(act(task, "reject", new JsonObject()).as(Service.APPROVER));

    // When
    assertThatThrownBy(() -> TestDatabases.run(stored, statement))
        .hasStackTraceContaining("the audit is only ever added to");

    // Then
    assertThat(rejected.status()).isEqualTo(200);
    assertThat(audit("")).hasSize(1);
  }

  @Test
  void thePagesMayBeginWithTheNewest() {
    // Given
    for (String comment : List.of("first", "second", "third")) {
      Call reject = act(shop.propose(service), "reject", new JsonObject().put("comment", comment));
      assertThat(service.send(reject.as(Service.APPROVER)).status()).isEqualTo(200);
    }

    // When
    JsonObject page =
        service.send(Call.get("/api/audit?order=newest&limit=2").as(Service.ADMIN)).json();
    String next = page.getString("next_after");
    JsonObject rest =
        service
            .send(Call.get("/api/audit?order=newest&limit=2&after=" + next).as(Service.ADMIN))
            .json();

    // Then
    assertThat(comments(page)).containsExactly("third", "second");
    assertThat(comments(rest)).containsExactly("first");
    assertThat(rest.getString("next_after")).isNull();
  }

  private static List<String> comments(JsonObject page) {
    return page.getJsonArray("items").stream()
        .map(entry -> ((JsonObject) entry).getString("comment"))
        .toList();
  }
}
