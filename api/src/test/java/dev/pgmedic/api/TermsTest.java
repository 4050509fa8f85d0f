package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.config.Config.Token;
import dev.pgmedic.event.Addresses;
import dev.pgmedic.target.Policy;
import dev.pgmedic.target.QuietHours;
import dev.pgmedic.task.RecoveryTask;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a task says of whose approvals it needs and what it waits for. */
@Timeout(120)
class TermsTest {

  private static Policy policy(int approvers, boolean requester, QuietHours... quiet) {
    return new Policy(Policy.DEFAULT.proposed(), Set.of(), approvers, requester, List.of(quiet));
  }

  private static Call approval(RecoveryTask task, Token by) {
    JsonObject yes =
        new JsonObject().put("plan_digest", task.plan().digest()).put("accept_data_loss", true);
    return Call.post("/api/recovery-tasks/" + task.id() + "/approve", yes).as(by);
  }

  private static JsonObject now(Service service, RecoveryTask task) {
    return service.send(Call.get("/api/recovery-tasks/" + task.id())).json();
  }

  @Test
  void twoMustAgreeAndNobodyTwice() {
    BrokenShop shop = BrokenShop.healable(policy(2, false));
    try (Service service = Service.of(shop.target())) {
      // Given
      RecoveryTask task = shop.propose(service);

      // When
      Reply first = service.send(approval(task, Service.APPROVER));
      Reply again = service.send(approval(task, Service.APPROVER));
      Reply second = service.send(approval(task, Service.ADMIN));

      // Then
      assertThat(first.status()).as(first.body()).isEqualTo(200);
      assertThat(first.json().getString("state")).isEqualTo("awaiting_approval");
      assertThat(first.json().getInteger("approvals_needed")).isEqualTo(2);
      assertThat(first.json().getJsonArray("approvals")).hasSize(1);
      assertThat(first.json().getJsonObject("waits_for").getMap())
          .containsEntry("what", "approvals")
          .containsEntry("until", first.json().getString("expires_at"));
      assertThat(again.problem(409)).isEqualTo("already-approved");
      assertThat(second.json().getString("state")).isEqualTo("approved");
      assertThat(second.json().getJsonObject("waits_for").getString("what")).isEqualTo("worker");
    }
  }

  @Test
  void whoAskedIsNotWhoApproves() {
    BrokenShop shop = BrokenShop.healable(policy(1, false));
    try (Service service = Service.of(shop.target())) {
      // Given
      RecoveryTask task = shop.propose(service, List.of(Service.APPROVER.name()));

      // When
      Reply requester = service.send(approval(task, Service.APPROVER));
      Reply other = service.send(approval(task, Service.ADMIN));

      // Then
      assertThat(requester.problem(409)).isEqualTo("requester-is-not-approver");
      assertThat(other.json().getString("state")).isEqualTo("approved");
      assertThat(other.json().getJsonArray("requested_by")).isEqualTo(JsonArray.of("jarvis"));
    }
  }

  @Test
  void whatIsApprovedInQuietHoursSaysUntilWhenItWaits() {
    LocalTime now = LocalTime.now(ZoneOffset.UTC).withSecond(0).withNano(0);
    QuietHours quiet =
        new QuietHours(
            now.minusHours(1),
            now.plusHours(1),
            ZoneOffset.UTC,
            EnumSet.allOf(DayOfWeek.class),
            Set.of());
    BrokenShop shop = BrokenShop.healable(policy(1, true, quiet));
    try (Service service = Service.of(shop.target())) {
      // Given
      RecoveryTask task = shop.propose(service);

      // When
      Reply approved = service.send(approval(task, Service.APPROVER));

      // Then
      JsonObject waits = approved.json().getJsonObject("waits_for");
      assertThat(waits.getString("what")).isEqualTo("quiet_hours");
      assertThat(waits.getInstant("until").plus(Duration.ofMinutes(15)))
          .isEqualTo(approved.json().getInstant("expires_at"));
      assertThat(now(service, task)).isEqualTo(approved.json());
    }
  }

  @Test
  void theMonitorIsToldWhoAsks() {
    BrokenShop shop = BrokenShop.healable();
    try (Service service = Service.of(shop.target())) {
      // Given
      RecoveryTask task = shop.propose(service);
      String issue = now(service, task).getJsonArray("issues").getString(0);
      Call rejection = Call.post("/api/recovery-tasks/" + task.id() + "/reject", new JsonObject());
      assertThat(service.send(rejection.as(Service.ADMIN)).status()).isEqualTo(200);
      AtomicReference<JsonObject> asked = new AtomicReference<>();
      service
          .vertx()
          .eventBus()
          .<JsonObject>consumer(
              Addresses.PROPOSE,
              request -> {
                asked.set(request.body());
                request.reply(new JsonObject().put("decision", ""));
              });

      // When
      Reply reply =
          service.send(
              Call.post("/api/issues/" + issue + "/recovery-task", "").as(Service.APPROVER));

      // Then
      assertThat(reply.problem(409)).isEqualTo("not-healable");
      assertThat(asked.get().getString("by")).isEqualTo("jarvis");
      assertThat(asked.get().getJsonObject("deed").getString("subject")).isEqualTo(issue);
      assertThat(service.audited()).containsExactly("root reject shop");
    }
  }
}
