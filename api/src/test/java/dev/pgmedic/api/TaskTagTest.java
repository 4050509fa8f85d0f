package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.task.RecoveryTask;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who has seen a task asks whether it is still that one, and decides about no other. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TaskTagTest {

  private final BrokenShop shop = BrokenShop.healable();
  private final Service service = Service.of(shop.target());
  private RecoveryTask task;

  @BeforeEach
  void propose() {
    task = shop.propose(service);
  }

  @AfterEach
  void callOff() {
    assertThat(service.send(act("cancel")).status()).isIn(200, 409);
  }

  @AfterAll
  void close() {
    service.close();
  }

  private Call get(String query) {
    return Call.get("/api/recovery-tasks/" + task.id() + query);
  }

  private String tag() {
    return service.send(get("")).headers().get("ETag");
  }

  private Call act(String verb) {
    JsonObject body = new JsonObject().put("comment", "now");
    if (verb.equals("approve")) {
      body.put("plan_digest", task.plan().digest()).put("accept_data_loss", true);
    }
    return Call.post("/api/recovery-tasks/" + task.id() + "/" + verb, body).as(Service.APPROVER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TAG", "W/TAG", "\"other\", TAG", "*"})
  void whatIsKnownIsNotSentAgain(String known) {
    // Given
    String tag = tag();

    // When
    Reply reply = service.send(get("").with("If-None-Match", known.replace("TAG", tag)));

    // Then
    assertThat(reply.status()).as(reply.body()).isEqualTo(304);
    assertThat(reply.body()).isEmpty();
    assertThat(reply.headers()).containsEntry("ETag", tag);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"other\"", "TAGx", "x", ""})
  void whatIsNotKnownIsSent(String known) {
    // When
    Reply reply = service.send(get("").with("If-None-Match", known.replace("TAG", tag())));

    // Then
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.json().getString("id")).isEqualTo(task.id().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"approve", "reject", "cancel"})
  void aDecisionAboutTheTaskThatWasSeenIsTaken(String verb) {
    // Given
    String seen = tag();

    // When
    Reply reply = service.send(act(verb).with("If-Match", seen));

    // Then
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.headers().get("ETag")).isEqualTo(tag()).isNotEqualTo(seen);
  }

  @ParameterizedTest
  @ValueSource(strings = {"approve", "reject", "cancel"})
  void aDecisionAboutAnotherIsRefused(String verb) {
    // Given
    String seen = tag();

    // When
    Reply other = service.send(act(verb).with("If-Match", "\"other\""));
    Reply after = service.send(act("cancel"));
    Reply late = service.send(act(verb).with("If-Match", seen));

    // Then
    assertThat(other.problem(412)).isEqualTo("precondition-failed");
    assertThat(after.json().getString("state")).isEqualTo("cancelled");
    assertThat(late.problem(412)).isEqualTo("precondition-failed");
    assertThat(late.json().getString("detail")).contains("is cancelled now");
  }

  @Test
  void whoeverWaitsWithWhatTheySawMissesNoChange() {
    // Given
    String seen = tag();
    Reply rejected = service.send(act("reject"));

    // When
    Reply changed = service.send(get("?wait=60s").with("If-None-Match", seen));
    Reply ended = service.send(get("?wait=60s").with("If-None-Match", tag()));

    // Then
    assertThat(rejected.status()).isEqualTo(200);
    assertThat(changed.json().getString("state")).isEqualTo("rejected");
    assertThat(ended.status()).isEqualTo(304);
  }

  @Test
  void aWaitEndsAtTheNextChangeOrSaysThatThereWasNone() {
    // Given
    String seen = tag();

    // When
    Reply none = service.send(get("?wait=300ms").with("If-None-Match", seen));
    Future<Reply> waiting = service.sending(get("?wait=60s").with("If-None-Match", seen));
    Reply approved = service.send(act("approve"));

    // Then
    assertThat(none.status()).isEqualTo(304);
    assertThat(approved.status()).isEqualTo(200);
    assertThat(waiting.await().json().getString("state")).isEqualTo("approved");
  }
}
