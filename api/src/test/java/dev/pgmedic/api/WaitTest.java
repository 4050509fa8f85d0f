package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.task.RecoveryTask;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request may wait for the next change of a task's state, and never longer than it says. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WaitTest {

  private final BrokenShop shop = BrokenShop.healable();
  private final Service service = Service.of(shop.target());
  private RecoveryTask task;

  @BeforeEach
  void propose() {
    task = shop.propose(service);
  }

  @AfterAll
  void close() {
    service.close();
  }

  private Call waiting(String wait) {
    return Call.get("/api/recovery-tasks/" + task.id() + "?wait=" + wait);
  }

  private Reply reject() {
    return service.send(
        Call.post("/api/recovery-tasks/" + task.id() + "/reject", new JsonObject())
            .as(Service.APPROVER));
  }

  @Test
  void anEventThatIsNoChangeAnswersNobody() {
    // Given
    Future<Reply> waiting = service.sending(waiting("60s"));

    // When
    for (int i = 0; i < 20; i++) {
      service.repeat("task.proposed", task.id());
      assertThat(service.send(Call.get("/api/recovery-tasks/" + task.id())).status())
          .isEqualTo(200);
    }

    // Then
    assertThat(waiting.isComplete()).isFalse();
    assertThat(reject().status()).isEqualTo(200);
    assertThat(waiting.await().json().getString("state")).isEqualTo("rejected");
  }

  @Test
  void allWhoWaitAreAnsweredAtTheNextChange() {
    // Given
    List<Future<Reply>> waiting =
        IntStream.range(0, 4).mapToObj(i -> service.sending(waiting("60s"))).toList();

    // When
    Reply rejected = reject();
    Future.all(waiting).await();

    // Then
    assertThat(rejected.status()).isEqualTo(200);
    assertThat(waiting)
        .extracting(reply -> reply.result().json().getString("state"))
        .containsOnly("rejected");
  }

  @Test
  void aWaitInVainAnswersWithTheTaskAsItIs() {
    // Given
    long start = System.nanoTime();

    // When
    Reply reply = service.send(waiting("300ms"));

    // Then
    assertThat(reply.json().getString("state")).isEqualTo("awaiting_approval");
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(290), Duration.ofSeconds(10));
  }

  @Test
  void aTaskThatHasEndedIsNotWaitedFor() {
    // Given
    assertThat(reject().status()).isEqualTo(200);

    // When
    Reply reply = service.send(waiting("60s"));

    // Then
    assertThat(reply.json().getString("state")).isEqualTo("rejected");
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "61s", "60001ms", "-1s", "5m", "1", "99999s", "1s%201s", "s"})
  void aWaitOfTheWrongFormIsRefused(String wait) {
    // When
    Reply reply = service.send(waiting(wait));

    // Then
    reply.problem(400);
  }
}
