package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.task.RecoveryTask;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may call a recovery off, and what is answered. */
@Timeout(90)
class CancelTest {

  private final BrokenShop shop = BrokenShop.healable();
  private final Service service = Service.of(shop.target());

  @AfterEach
  void close() {
    service.close();
  }

  private static Call cancel(Object id) {
    return Call.post(
        "/api/recovery-tasks/" + id + "/cancel", new JsonObject().put("comment", "not <today>"));
  }

  @Test
  void whatWaitsIsCalledOffByAnApproverAndOnce() {
    // Given
    RecoveryTask task = shop.propose(service);

    // When
    Reply nobody = service.send(cancel(task.id()));
    Reply viewer = service.send(cancel(task.id()).as(Service.VIEWER));
    Reply unknown = service.send(cancel(UUID.randomUUID()).as(Service.APPROVER));
    Reply other =
        service.send(
            Call.post(
                    "/api/recovery-tasks/" + task.id() + "/cancel",
                    new JsonObject().put("plan_digest", "sha256:0"))
                .as(Service.APPROVER));
    Reply done = service.send(cancel(task.id()).as(Service.APPROVER));
    Reply again = service.send(cancel(task.id()).as(Service.APPROVER));

    // Then
    nobody.problem(401);
    viewer.problem(403);
    unknown.problem(404);
    assertThat(other.problem(409)).isEqualTo("digest-mismatch");
    assertThat(done.status()).as(done.body()).isEqualTo(200);
    assertThat(done.json().getString("state")).isEqualTo("cancelled");
    assertThat(done.json().getJsonObject("cancel_requested").getMap())
        .containsEntry("by", "jarvis")
        .containsEntry("comment", "not <today>");
    assertThat(again.problem(409)).isEqualTo("already-ended");
  }
}
