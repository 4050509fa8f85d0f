package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.task.RecoveryTask;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may have a recovery taken back, and what is answered where nothing can be. */
@Timeout(90)
class UndoTest {

  private final BrokenShop shop = BrokenShop.healable();
  private final Service service = Service.of(shop.target());

  @AfterEach
  void close() {
    service.close();
  }

  private static Call undo(Object id) {
    return Call.post("/api/recovery-tasks/" + id + "/undo", "");
  }

  @Test
  void whatDidNotRunIsNotUndoable() {
    // Given
    RecoveryTask task = shop.propose(service);

    // When
    Reply nobody = service.send(undo(task.id()));
    Reply viewer = service.send(undo(task.id()).as(Service.VIEWER));
    Reply open = service.send(undo(task.id()).as(Service.APPROVER));
    Reply unknown = service.send(undo(UUID.randomUUID()).as(Service.APPROVER));
    Reply rejected =
        service.send(
            Call.post("/api/recovery-tasks/" + task.id() + "/reject", new JsonObject())
                .as(Service.APPROVER));
    Reply ended = service.send(undo(task.id()).as(Service.APPROVER));

    // Then
    nobody.problem(401);
    viewer.problem(403);
    assertThat(open.problem(409)).isEqualTo("not-undoable");
    unknown.problem(404);
    assertThat(rejected.json().getString("undo_of")).isNull();
    assertThat(ended.problem(409)).isEqualTo("not-undoable");
    assertThat(ended.body()).contains("no step of it did anything");
  }
}
