package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.task.RecoveryTask;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
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
    "GET, /",
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
    Reply reply = service.send(new Call(method, whole, java.util.Map.of(), "").as(Service.ADMIN));

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
    Reply reply = service.send(new Call(method, path, java.util.Map.of(), "").as(Service.ADMIN));

    // Then
    assertThat(reply.problem(405)).isEqualTo("method-not-allowed");
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
