package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.task.RecoveryTask;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A wrong request is told what was expected, as RFC 9457 has it, and changes nothing. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProblemsTest {

  private final BrokenShop shop = BrokenShop.healable();
  private final Service service = Service.of(shop.target());
  private RecoveryTask task;

  @BeforeAll
  void propose() {
    task = shop.propose(service);
  }

  @AfterAll
  void close() {
    service.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{not json",
        "",
        "null",
        "[]",
        "\"text\"",
        "5",
        "{}",
        "{\"plan_digest\": 5}",
        "{\"plan_digest\": null}",
        "{\"plan_digest\": \"\"}",
        "{\"plan_digest\": \"DIGEST\", \"accept_data_loss\": \"true\"}",
        "{\"plan_digest\": \"DIGEST\", \"accept_data_loss\": 1}",
        "{\"plan_digest\": \"DIGEST\", \"accept_data_loss\": null}",
        "{\"plan_digest\": \"DIGEST\", \"accept_data_loss\": true, \"comment\": 5}",
        "{\"plan_digest\": \"DIGEST\", \"accept_data_loss\": true, \"comment\": null}",
        "{\"plan_digest\": \"DIGEST\", \"accept_data_loss\": true, \"comment\": \"a\\u0000b\"}",
        "{\"plan_digest\": \"DIGEST\", \"accept_data_loss\": true} more",
      })
  void anApprovalOfTheWrongFormIsRefused(String body) {
    // When
    Reply reply = service.send(approval(body.replace("DIGEST", task.plan().digest())));

    // Then
    reply.problem(400);
    assertStillWaits();
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "nonsense", ""})
  void aBodyOfAnotherKindIsRefused(String type) {
    // Given
    JsonObject body =
        new JsonObject().put("plan_digest", task.plan().digest()).put("accept_data_loss", true);

    // When
    Reply reply = service.send(approval(body.encode()).with("Content-Type", type));

    // Then
    assertThat(reply.status()).as(reply.body()).isIn(400, 415);
    reply.problem(reply.status());
    assertStillWaits();
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() {
    // Given
    JsonObject body =
        new JsonObject()
            .put("plan_digest", task.plan().digest())
            .put("comment", "x".repeat(64 * 1024));

    // When
    Reply reply = service.send(approval(body.encode()));

    // Then
    assertThat(reply.problem(413)).isEqualTo("too-large");
    assertStillWaits();
  }

  @ParameterizedTest
  @CsvSource({
    "2000, 409",
    "2001, 400",
  })
  void aCommentHasALimit(int length, int status) {
    // Given
    JsonObject body =
        new JsonObject().put("plan_digest", "sha256:other").put("comment", "x".repeat(length));

    // When
    Reply reply = service.send(approval(body.encode()));

    // Then
    reply.problem(status);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/nothing",
    "GET, /console/nothing.js",
    "GET, /api",
    "GET, /api/targets/nowhere",
    "GET, /api/targets/%2e%2e%2f",
    "POST, /api/targets/nowhere/check",
    "GET, /api/health/database?target=nowhere",
    "GET, /api/issues/RANDOM",
    "GET, /api/issues/no-uuid",
    "GET, /api/issues/1-1-1-1-1",
    "POST, /api/issues/RANDOM/recovery-task",
    "POST, /api/issues/no-uuid/recovery-task",
    "GET, /api/recovery-tasks/RANDOM",
    "GET, /api/recovery-tasks/RANDOM?wait=1s",
    "GET, /api/recovery-tasks/no-uuid",
    "GET, /api/recovery-tasks/RANDOM/approve/more",
  })
  void whatIsNotThereIsNotFound(String method, String path) {
    // Given
    String whole = path.replace("RANDOM", UUID.randomUUID().toString());

    // When
    Reply reply = service.send(new Call(method, whole, Map.of(), "").as(Service.ADMIN));

    // Then
    assertThat(reply.problem(404)).isEqualTo("not-found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/recovery-tasks/RANDOM/approve",
        "/api/recovery-tasks/no-uuid/approve",
        "/api/recovery-tasks/RANDOM/reject",
        "/api/recovery-tasks/no-uuid/reject",
        "/api/issues/RANDOM/resolve",
        "/api/issues/no-uuid/resolve",
      })
  void aDecisionAboutNothingIsNotFound(String path) {
    // Given
    String whole = path.replace("RANDOM", UUID.randomUUID().toString());
    JsonObject body = new JsonObject().put("plan_digest", "x").put("reason", "y");

    // When
    Reply reply = service.send(Call.post(whole, body).as(Service.ADMIN));

    // Then
    reply.problem(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/health/database?fail=500",
        "/api/health/database?fail=yes",
        "/api/issues?code=no.such",
        "/api/issues?state=half",
        "/api/issues?limit=0",
        "/api/issues?limit=501",
        "/api/issues?limit=many",
        "/api/issues?limit=1.5",
        "/api/issues?limit=99999999999999999999",
        "/api/issues?after=no-uuid",
        "/api/issues?target=%00",
        "/api/recovery-tasks?state=lost",
        "/api/recovery-tasks?after=no-uuid",
        "/api/recovery-tasks?target=a%00b",
        "/api/events?after=nonsense",
        "/api/events?type=no.such",
        "/api/events?limit=0",
        "/api/events?target=%00",
        "/api/events?after=00000000-99999999999999999999",
        "/api/health/database?target=%zz",
        "/api/recovery-tasks/%00",
        "/api/targets/%zz",
      })
  void aWrongQueryIsRefused(String path) {
    // When
    Reply reply = service.send(Call.get(path).with("Accept", "application/json").as(Service.ADMIN));

    // Then
    reply.problem(400);
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE, /api/issues",
    "POST, /api/targets",
    "PUT, /api/health/database",
    "GET, /api/targets/shop/check",
    "POST, /livez",
    "PATCH, /api/events",
  })
  void anotherMethodIsRefused(String method, String path) {
    // When
    Reply reply = service.send(new Call(method, path, Map.of(), "").as(Service.ADMIN));

    // Then
    assertThat(reply.problem(405)).isEqualTo("method-not-allowed");
  }

  @ParameterizedTest
  @CsvSource({
    "/api/issues?limit=many, limit",
    "/api/issues?limit=501, limit",
    "/api/issues?state=half, state",
    "/api/issues?after=no-uuid, after",
    "/api/audit?after=x, after",
    "/api/recovery-tasks?state=lost, state",
    "/api/recovery-tasks/00000000-0000-0000-0000-000000000000?wait=soon, wait",
  })
  void theFieldOfTheQueryIsNamed(String path, String field) {
    // When
    Reply reply = service.send(Call.get(path).as(Service.ADMIN));

    // Then
    reply.problem(400);
    assertThat(reply.json().getString("detail")).contains(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | plan_digest",
        "{\"plan_digest\": 5} | plan_digest",
        "{\"plan_digest\": \"x\", \"comment\": 5} | comment",
        "{\"plan_digest\": \"x\", \"accept_data_loss\": 1} | accept_data_loss",
      })
  void theFieldOfTheBodyIsNamed(String body, String field) {
    // When
    Reply reply = service.send(approval(body));

    // Then
    reply.problem(400);
    assertThat(reply.json().getString("detail")).contains(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET | /api/issues?limit=many | | limit: expected a whole number of 1 to 500",
        "GET | /api/issues?limit=501 | | limit: expected a whole number of 1 to 500",
        "GET | /api/issues?state=half | | state: expected one of open, resolved",
        "GET | /api/issues?after=x | | after: expected next_after of the page before",
        "GET | /api/health/database?fail=500 | | fail: expected 503",
        "GET | TASK?wait=soon | | wait: expected a time such as 500ms or 30s, at most 60s",
        "GET | /api/audit?after=x | | after: expected next_after of the page before",
        "DELETE | /api/quarantine | | target: expected a text, found nothing",
        "POST | TASK/approve | | the body: expected JSON, found nothing",
        "POST | TASK/approve | {nope | the body: expected JSON",
        "POST | TASK/approve | [] | the body: expected an object",
        "POST | TASK/approve | {} | plan_digest: expected a text of 1 to 200 characters, found"
            + " nothing",
        "POST | TASK/approve | {\"plan_digest\": \"x\", \"accept_data_loss\": \"true\"} |"
            + " accept_data_loss: expected true or false",
        "POST | TASK/approve | {\"plan_digest\": \"x\", \"comment\": \"a\\u0000b\"} |"
            + " comment: expected a text of at most 2000 characters, without NUL",
        "POST | /api/tokens | {\"name\": \"a b\", \"role\": \"viewer\"} |"
            + " name: expected 1 to 64 letters, digits, dots, - and _",
        "POST | /api/tokens | {\"name\": \"a\", \"role\": \"king\"} |"
            + " role: expected one of viewer, approver, admin",
        "POST | /api/tokens | {\"name\": \"a\", \"role\": \"admin\", \"targets\": [5]} |"
            + " targets.0: expected a text",
        "POST | /api/tokens | {\"name\": \"a\", \"role\": \"admin\", \"labels\": {}} |"
            + " labels: expected an object of 1 to 100 fields",
        "POST | /api/webhooks | {\"name\": \"a\", \"url\": \"ftp://x\"} |"
            + " url: expected http:// or https://, a host and a path, at most 2000 characters",
        "POST | /api/webhooks/x/replay?sequence=0 | | sequence: expected a whole number of 1 or"
            + " more",
      })
  void whatIsWrongIsTheFieldAndWhatWasExpected(
      String method, String path, @Nullable String body, String detail) {
    // Given
    String whole = path.replace("TASK", "/api/recovery-tasks/" + task.id());
    Call call =
        new Call(
            method, whole, Map.of("Content-Type", "application/json"), body == null ? "" : body);

    // When
    Reply reply = service.send(call.as(Service.ADMIN));

    // Then
    reply.problem(400);
    assertThat(reply.json().getString("detail")).isEqualTo(detail);
  }

  @Test
  void aToolIsToldTheSameWay() {
    // Given
    JsonObject call = new JsonObject().put("name", "approve_recovery");
    JsonObject message =
        new JsonObject().put("jsonrpc", "2.0").put("id", 1).put("method", "tools/call");

    // When
    String missing = error(message.copy().put("params", call));
    String other =
        error(message.copy().put("params", call.put("arguments", new JsonObject().put("x", 1))));

    // Then
    assertThat(missing).matches("task: expected a text of 1 to \\d+ characters.*, found nothing");
    assertThat(other).contains(": expected ");
  }

  private String error(JsonObject message) {
    Reply reply = service.send(Call.post("/mcp", message).as(Service.ADMIN));
    return reply.json().getJsonObject("error").getString("message");
  }

  @Test
  void aMethodThatAPathHasNotIsToldWhichItHas() {
    // When
    Reply reply = service.send(Call.delete("/api/webhooks").as(Service.ADMIN));

    // Then
    reply.problem(405);
    assertThat(reply.headers()).containsEntry("Allow", "GET, POST");
    assertThat(reply.json().getString("detail")).contains("expected GET or POST");
  }

  @Test
  void everyPatternOfTheContractSaysInWordsWhatItTakes() {
    // When
    List<JsonObject> silent =
        schemas(ContractSchemas.DOCUMENT.getJsonObject("paths"))
            .flatMap(operation -> Stream.of("parameters", "requestBody").map(operation::getValue))
            .flatMap(ProblemsTest::schemas)
            .filter(schema -> schema.getValue("pattern") instanceof String)
            .filter(schema -> !schema.getString("pattern").contains("u0000"))
            .filter(schema -> !schema.containsKey(Expected.OWN_WORDS))
            .toList();

    // Then
    assertThat(silent).isEmpty();
  }

  private static Stream<JsonObject> schemas(Object json) {
    return switch (json) {
      case JsonObject object ->
          Stream.concat(
              Stream.of(object), object.stream().flatMap(field -> schemas(field.getValue())));
      case JsonArray array -> array.stream().flatMap(ProblemsTest::schemas);
      case null, default -> Stream.empty();
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "-5", "5", "true", "a%22b", "null", "%5B%5D", "100%25"})
  void aTextThatLooksLikeSomethingElseIsAText(String name) {
    // When
    Reply path = service.send(Call.get("/api/targets/" + name).as(Service.VIEWER));
    Reply query = service.send(Call.get("/api/issues?target=" + name).as(Service.VIEWER));

    // Then
    path.problem(404);
    assertThat(query.status()).as(query.body()).isEqualTo(200);
  }

  private Call approval(String body) {
    return Call.post("/api/recovery-tasks/" + task.id() + "/approve", body).as(Service.APPROVER);
  }

  private void assertStillWaits() {
    JsonObject now = service.send(Call.get("/api/recovery-tasks/" + task.id())).json();
    assertThat(now.getString("state")).isEqualTo("awaiting_approval");
    assertThat(now.getJsonArray("approvals")).isEmpty();
  }
}
