package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.config.Config.Token;
import dev.pgmedic.task.RecoveryTask;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing is approved by accident, and what is approved is kept with who said so. */
@Timeout(90)
class ApprovalTest {

  private final BrokenShop shop = BrokenShop.healable();
  private final BrokenShop shown = BrokenShop.observed();
  private final Service service = Service.of(shop.target(), shown.target());

  @AfterEach
  void close() {
    service.close();
  }

  private static JsonObject yes(RecoveryTask task) {
    return new JsonObject()
        .put("plan_digest", task.plan().digest())
        .put("comment", "go: \"now\" <b>\u00e9</b>")
        .put("accept_data_loss", true);
  }

  private static Call approval(RecoveryTask task, JsonObject body) {
    return Call.post("/api/recovery-tasks/" + task.id() + "/approve", body);
  }

  private static Call rejection(RecoveryTask task, JsonObject body) {
    return Call.post("/api/recovery-tasks/" + task.id() + "/reject", body);
  }

  private JsonObject now(RecoveryTask task) {
    return service.send(Call.get("/api/recovery-tasks/" + task.id())).json();
  }

  private void assertStillWaits(RecoveryTask task) {
    assertThat(now(task).getString("state")).isEqualTo("awaiting_approval");
    assertThat(now(task).getJsonArray("approvals")).isEmpty();
  }

  @Test
  void theRightApprovalIsKeptWithWhoAndWhy() {
    // Given
    RecoveryTask task = shop.propose(service);

    // When
    Reply reply = service.send(approval(task, yes(task)).as(Service.APPROVER));

    // Then
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.json()).isEqualTo(now(task));
    assertThat(now(task).getString("state")).isEqualTo("approved");
    JsonObject approval = now(task).getJsonArray("approvals").getJsonObject(0);
    assertThat(now(task).getJsonArray("approvals")).hasSize(1);
    assertThat(approval.getString("by")).isEqualTo("jarvis");
    assertThat(approval.getString("decision")).isEqualTo("approve");
    assertThat(approval.getString("comment")).isEqualTo("go: \"now\" <b>\u00e9</b>");
    assertThat(approval.getString("plan_digest")).isEqualTo(task.plan().digest());
    assertThat(approval.getInstant("at")).isNotNull();
  }

  @Test
  void aTaskIsServedAsTheDesignHasIt() {
    // Given
    RecoveryTask task = shop.propose(service);

    // When
    JsonObject served = now(task);

    // Then
    assertThat(served.fieldNames())
        .contains("id", "target", "priority", "state", "issues", "created_at", "expires_at")
        .contains("plan", "approvals", "steps");
    JsonObject plan = served.getJsonObject("plan");
    assertThat(plan.fieldNames())
        .containsExactlyInAnyOrder(
            "digest", "fingerprint", "summary", "not_pinned", "data_loss", "steps");
    assertThat(plan.getJsonArray("data_loss").getJsonObject(0).fieldNames())
        .containsExactlyInAnyOrder("object", "rows_estimate", "seen_at");
    assertThat(plan.getJsonArray("steps").getJsonObject(0).fieldNames())
        .contains("index", "type", "title", "sql", "timeout", "effect", "locks");
  }

  @Test
  void nobodyAndAViewerApproveNothing() {
    // Given
    RecoveryTask task = shop.propose(service);

    // When
    Reply nobody = service.send(approval(task, yes(task)));
    Reply viewer = service.send(approval(task, yes(task)).as(Service.VIEWER));

    // Then
    nobody.problem(401);
    viewer.problem(403);
    assertStillWaits(task);
  }

  @Test
  void anotherPlanIsNotApproved() {
    // Given
    RecoveryTask task = shop.propose(service);

    // When
    Reply reply =
        service.send(approval(task, yes(task).put("plan_digest", "sha256:0")).as(Service.APPROVER));

    // Then
    assertThat(reply.problem(409)).isEqualTo("digest-mismatch");
    assertStillWaits(task);
  }

  @Test
  void aLossIsAcceptedInSoManyWords() {
    // Given
    RecoveryTask task = shop.propose(service);
    JsonObject silent = yes(task);
    silent.remove("accept_data_loss");

    // When
    Reply no =
        service.send(approval(task, yes(task).put("accept_data_loss", false)).as(Service.ADMIN));
    Reply nothing = service.send(approval(task, silent).as(Service.ADMIN));

    // Then
    assertThat(no.problem(409)).isEqualTo("data-loss-not-accepted");
    assertThat(nothing.problem(409)).isEqualTo("data-loss-not-accepted");
    assertThat(no.body()).contains("public.orders");
    assertStillWaits(task);
  }

  @Test
  void anObserveOnlyTargetIsNotApprovedAndMayBeRejected() {
    // Given
    RecoveryTask task = shown.propose(service);

    // When
    Reply approved = service.send(approval(task, yes(task)).as(Service.ADMIN));
    Reply rejected = service.send(rejection(task, new JsonObject()).as(Service.ADMIN));

    // Then
    assertThat(approved.problem(409)).isEqualTo("observe-only");
    assertThat(rejected.json().getString("state")).isEqualTo("rejected");
  }

  @Test
  void ofTwentyApprovalsAtOnceOneIsTaken() {
    // Given
    RecoveryTask task = shop.propose(service);

    // When
    List<Future<Reply>> replies =
        IntStream.range(0, 20)
            .mapToObj(i -> service.sending(approval(task, yes(task)).as(Service.APPROVER)))
            .toList();
    Future.all(replies).await();

    // Then
    List<Integer> statuses = replies.stream().map(reply -> reply.result().status()).toList();
    assertThat(statuses).containsOnlyOnce(200).containsOnly(200, 409);
    assertThat(now(task).getJsonArray("approvals")).hasSize(1);
  }

  @Test
  void aRejectionIsKeptAndLast() {
    // Given
    RecoveryTask task = shop.propose(service);
    JsonObject no = new JsonObject().put("comment", "not today");
    Token approver = Service.APPROVER;

    // When
    Reply nobody = service.send(rejection(task, no));
    Reply viewer = service.send(rejection(task, no).as(Service.VIEWER));
    Reply other =
        service.send(rejection(task, no.copy().put("plan_digest", "sha256:0")).as(approver));
    Reply rejected = service.send(rejection(task, no).as(approver));
    Reply approved = service.send(approval(task, yes(task)).as(approver));
    Reply again = service.send(rejection(task, no).as(approver));

    // Then
    nobody.problem(401);
    viewer.problem(403);
    assertThat(other.problem(409)).isEqualTo("digest-mismatch");
    assertThat(rejected.status()).isEqualTo(200);
    assertThat(approved.problem(409)).isEqualTo("not-awaiting-approval");
    assertThat(again.problem(409)).isEqualTo("not-awaiting-approval");
    assertThat(now(task).getString("state")).isEqualTo("rejected");
    assertThat(now(task).getJsonArray("approvals").getJsonObject(0).getMap())
        .containsEntry("by", "jarvis")
        .containsEntry("decision", "reject")
        .containsEntry("comment", "not today");
  }
}
