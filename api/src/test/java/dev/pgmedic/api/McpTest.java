package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.config.Config.Token;
import dev.pgmedic.task.RecoveryTask;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an assistant may do over the Model Context Protocol is what its token may do. */
@Timeout(120)
class McpTest {

  private static final List<String> READING =
      List.of(
          "explain_incident",
          "read_health",
          "read_issues",
          "read_recovery_tasks",
          "read_recovery_task");

  private final BrokenShop shop = BrokenShop.healable();
  private final Service service = Service.of(shop.target());

  @AfterEach
  void close() {
    service.close();
  }

  private static JsonObject message(String method, JsonObject params) {
    return new JsonObject()
        .put("jsonrpc", "2.0")
        .put("id", 7)
        .put("method", method)
        .put("params", params);
  }

  private static Call post(JsonObject message) {
    return Call.post("/mcp", message).with("Accept", "application/json, text/event-stream");
  }

  private JsonObject answer(Token token, String method, JsonObject params) {
    Reply reply = service.send(post(message(method, params)).as(token));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.json().getInteger("id")).isEqualTo(7);
    return reply.json();
  }

  private JsonObject call(Token token, String tool, JsonObject arguments) {
    JsonObject params = new JsonObject().put("name", tool).put("arguments", arguments);
    return answer(token, "tools/call", params).getJsonObject("result");
  }

  private static String text(JsonObject result) {
    return result.getJsonArray("content").getJsonObject(0).getString("text");
  }

  private List<String> tools(Token token) {
    return answer(token, "tools/list", new JsonObject())
        .getJsonObject("result")
        .getJsonArray("tools")
        .stream()
        .map(tool -> ((JsonObject) tool).getString("name"))
        .toList();
  }

  private static JsonObject yes(RecoveryTask task) {
    return new JsonObject()
        .put("task", task.id().toString())
        .put("plan_digest", task.plan().digest())
        .put("accept_data_loss", true)
        .put("comment", "go")
        .put("on_behalf_of", "ann");
  }

  private String state(RecoveryTask task) {
    return service.send(Call.get("/api/recovery-tasks/" + task.id())).json().getString("state");
  }

  @Test
  void theVersionIsTheClientsWhereItIsKnownElseTheNewest() {
    // When
    JsonObject known =
        answer(Service.VIEWER, "initialize", new JsonObject().put("protocolVersion", "2025-06-18"));
    JsonObject unknown =
        answer(Service.VIEWER, "initialize", new JsonObject().put("protocolVersion", "1999-01-01"));
    Reply wrong =
        service.send(
            post(message("ping", new JsonObject())).with("MCP-Protocol-Version", "1999-01-01"));
    Reply notice =
        service.send(
            post(
                new JsonObject().put("jsonrpc", "2.0").put("method", "notifications/initialized")));
    Reply stream = service.send(Call.get("/mcp").with("Accept", "text/event-stream"));

    // Then
    JsonObject result = known.getJsonObject("result");
    assertThat(result.getString("protocolVersion")).isEqualTo("2025-06-18");
    assertThat(result.getJsonObject("capabilities").fieldNames()).containsExactly("tools");
    assertThat(unknown.getJsonObject("result").getString("protocolVersion"))
        .isEqualTo("2025-11-25");
    wrong.problem(400);
    assertThat(notice.status()).isEqualTo(202);
    assertThat(notice.body()).isEmpty();
    stream.problem(405);
  }

  @Test
  void whoMayNotDecideIsNotOfferedIt() {
    // When
    List<String> viewer = tools(Service.VIEWER);
    List<String> approver = tools(Service.APPROVER);
    JsonArray listed =
        answer(Service.APPROVER, "tools/list", new JsonObject())
            .getJsonObject("result")
            .getJsonArray("tools");

    // Then
    assertThat(viewer).containsExactlyElementsOf(READING);
    assertThat(approver)
        .startsWith(READING.toArray(String[]::new))
        .endsWith(
            "propose_recovery",
            "approve_recovery",
            "reject_recovery",
            "cancel_recovery",
            "undo_recovery");
    for (Object each : listed) {
      JsonObject tool = (JsonObject) each;
      assertThat(tool.getJsonObject("annotations").getBoolean("readOnlyHint"))
          .isEqualTo(READING.contains(tool.getString("name")));
    }
  }

  @Test
  void anIncidentIsExplainedFromThePlanThatWouldRun() {
    // Given
    RecoveryTask task = shop.propose(service);

    // When
    JsonObject all =
        call(Service.VIEWER, "explain_incident", new JsonObject())
            .getJsonObject("structuredContent");

    // Then
    JsonObject incident = all.getJsonArray("incidents").getJsonObject(0);
    assertThat(all.getBoolean("healthy")).isFalse();
    assertThat(all.getJsonArray("incidents")).hasSize(1);
    assertThat(incident.getString("what")).contains("table.missing: public.orders is gone");
    assertThat(incident.getString("risk"))
        .contains("Lost before, and stays lost: about 100 rows of public.orders.")
        .contains("It changes the schema.");
    assertThat(incident.getString("ask"))
        .startsWith("Shall pgmedic run this on shop: 1. Rebuild public.orders")
        .contains("about 100 rows of public.orders", task.plan().digest());
    assertThat(incident.getString("plan_digest")).isEqualTo(task.plan().digest());
    assertThat(incident.getBoolean("accept_data_loss")).isTrue();
  }

  @Test
  void anApprovalIsTheSameOneAsOverHttp() {
    // Given
    RecoveryTask task = shop.propose(service);

    // When
    JsonObject read =
        call(
            Service.VIEWER,
            "read_recovery_task",
            new JsonObject().put("task", task.id().toString()));
    JsonObject viewer = call(Service.VIEWER, "approve_recovery", yes(task));
    JsonObject other =
        call(Service.APPROVER, "approve_recovery", yes(task).put("plan_digest", "sha256:0"));
    JsonObject loss =
        call(Service.APPROVER, "approve_recovery", yes(task).put("accept_data_loss", false));
    String before = state(task);
    JsonObject approved = call(Service.APPROVER, "approve_recovery", yes(task));

    // Then
    assertThat(read.getJsonObject("structuredContent").getJsonObject("plan").getString("digest"))
        .isEqualTo(task.plan().digest());
    assertThat(viewer.getBoolean("isError")).isTrue();
    assertThat(text(viewer)).isEqualTo("forbidden: expected a token of role approver");
    assertThat(text(other)).startsWith("digest mismatch: ");
    assertThat(text(loss)).startsWith("data loss not accepted: ");
    assertThat(before).isEqualTo("awaiting_approval");
    assertThat(approved.getBoolean("isError")).as(text(approved)).isFalse();
    assertThat(state(task)).isEqualTo("approved");
    JsonObject entry =
        service
            .send(Call.get("/api/audit").as(Service.ADMIN))
            .json()
            .getJsonArray("items")
            .getJsonObject(0);
    assertThat(entry.getString("actor")).isEqualTo("jarvis");
    assertThat(entry.getString("action")).isEqualTo("approve");
    assertThat(entry.getString("digest")).isEqualTo(task.plan().digest());
    assertThat(entry.getString("on_behalf_of")).isEqualTo("ann");
    assertThat(entry.getString("address")).isEqualTo("127.0.0.1");
    assertThat(entry.getString("request_id")).isNotBlank();
  }

  @Test
  void whatIsCalledOffIsThePlanThatWasRead() {
    // Given
    RecoveryTask task = shop.propose(service);
    JsonObject no = new JsonObject().put("task", task.id().toString()).put("comment", "not today");

    // When
    JsonObject silent =
        answer(
            Service.APPROVER,
            "tools/call",
            new JsonObject().put("name", "cancel_recovery").put("arguments", no));
    JsonObject other =
        call(Service.APPROVER, "cancel_recovery", no.copy().put("plan_digest", "sha256:0"));
    String before = state(task);
    JsonObject cancelled =
        call(
            Service.APPROVER,
            "cancel_recovery",
            no.copy().put("plan_digest", task.plan().digest()));
    JsonObject undo =
        call(Service.APPROVER, "undo_recovery", new JsonObject().put("task", task.id().toString()));

    // Then
    assertThat(silent.getJsonObject("error").getString("message")).contains("plan_digest");
    assertThat(text(other)).startsWith("digest mismatch: ");
    assertThat(before).isEqualTo("awaiting_approval");
    assertThat(cancelled.getJsonObject("structuredContent").getString("state"))
        .isEqualTo("cancelled");
    assertThat(text(undo)).startsWith("not undoable: ");
  }

  @Test
  void withoutADigestNothingIsDecided() {
    // Given
    RecoveryTask task = shop.propose(service);
    JsonObject silent = yes(task);
    silent.remove("plan_digest");

    // When
    JsonObject approval =
        answer(
            Service.APPROVER,
            "tools/call",
            new JsonObject().put("name", "approve_recovery").put("arguments", silent));
    JsonObject more =
        answer(
            Service.APPROVER,
            "tools/call",
            new JsonObject()
                .put("name", "approve_recovery")
                .put("arguments", yes(task).put("force", true)));
    JsonObject nobody =
        service
            .send(
                post(
                    message(
                        "tools/call",
                        new JsonObject()
                            .put("name", "approve_recovery")
                            .put("arguments", yes(task)))))
            .json();

    // Then
    assertThat(approval.getJsonObject("error").getInteger("code")).isEqualTo(-32602);
    assertThat(approval.getJsonObject("error").getString("message")).contains("plan_digest");
    assertThat(more.getJsonObject("error").getInteger("code")).isEqualTo(-32602);
    assertThat(nobody.getJsonObject("result").getBoolean("isError")).isTrue();
    assertThat(text(nobody.getJsonObject("result"))).startsWith("unauthorized: ");
    assertThat(state(task)).isEqualTo("awaiting_approval");
  }

  @Test
  void whatIsNoRequestOfTheProtocolIsSaidSo() {
    // When
    JsonObject method = answer(Service.VIEWER, "resources/list", new JsonObject());
    JsonObject tool =
        answer(Service.VIEWER, "tools/call", new JsonObject().put("name", "drop_table"));
    JsonObject missing =
        call(
            Service.VIEWER,
            "read_recovery_task",
            new JsonObject().put("task", "00000000-0000-0000-0000-000000000001"));
    Reply batch = service.send(Call.post("/mcp", "[]").as(Service.VIEWER));
    Reply malformed = service.send(Call.post("/mcp", "{").as(Service.VIEWER));

    // Then
    assertThat(method.getJsonObject("error").getInteger("code")).isEqualTo(-32601);
    assertThat(tool.getJsonObject("error").getString("message")).isEqualTo("no tool drop_table");
    assertThat(text(missing)).startsWith("not found: no recovery task");
    batch.problem(400);
    malformed.problem(400);
  }
}
