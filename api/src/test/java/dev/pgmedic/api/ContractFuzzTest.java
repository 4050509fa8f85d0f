package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.event.Addresses;
import dev.pgmedic.task.RecoveryTask;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever is sent: no answer is the server's fault, each is as the contract has it, and nothing is
 * approved. A build sends 300 requests and names the seed ({@code -Dpgmedic.seed}); {@code
 * -Pexhaustive} sends 10,000.
 */
@Timeout(900)
class ContractFuzzTest {

  private static final int CALLS = Boolean.getBoolean("pgmedic.exhaustive") ? 10_000 : 300;

  private final BrokenShop shop = BrokenShop.healable();
  private final Service service = Service.of(shop.target());

  @AfterEach
  void close() {
    service.close();
  }

  private JsonObject now(RecoveryTask task) {
    return service.send(Call.get("/api/recovery-tasks/" + task.id())).json();
  }

  // No monitor is there, whose absence is the server's fault.
  private void answerForTheMonitor() {
    JsonObject report = service.send(Call.get("/api/health/database")).json();
    var bus = service.vertx().eventBus();
    bus.<JsonObject>consumer(Addresses.CHECK, asked -> asked.reply(report));
    bus.<JsonObject>consumer(
        Addresses.PROPOSE, asked -> asked.reply(new JsonObject().put("decision", "no")));
  }

  @Test
  void nothingThatIsSpoiledIsDoneOrBreaksAnything() {
    // Given
    long seed = Long.getLong("pgmedic.seed", System.nanoTime());
    RecoveryTask task = shop.propose(service);
    JsonObject before = now(task);
    answerForTheMonitor();
    FuzzCalls calls =
        new FuzzCalls(
            seed,
            Map.of(
                "targets{name}", "shop",
                "issues{id}", task.issues().getFirst().toString(),
                "recovery-tasks{id}", task.id().toString(),
                "digest", task.plan().digest()));
    Map<Integer, Integer> answers = new TreeMap<>();

    // When
    for (int i = 0; i < CALLS; i++) {
      Call call = calls.next();
      Reply reply = service.send(call);
      answers.merge(reply.status(), 1, Integer::sum);
      assertHarmless("call " + i + " of seed " + seed + ": " + call, reply);
    }

    // Then
    assertThat(now(task)).as("seed %s", seed).isEqualTo(before);
    assertThat(answers.keySet()).as("seed %s: %s", seed, answers).containsAll(List.of(200, 400));
  }

  private static void assertHarmless(String what, Reply reply) {
    assertThat(reply.status()).as("%s: %s", what, reply.body()).isLessThan(500);
    if (reply.status() >= 400) {
      assertThat(reply.json().getString("detail")).as(what).hasSizeGreaterThan(8);
      assertThat(reply.json().getString("detail")).as(what).isNotEqualTo("Bad Request");
    }
  }
}
