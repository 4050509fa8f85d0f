package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.config.Config.Token;
import dev.pgmedic.event.Addresses;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that carries a key and comes again is answered as before, and does nothing. */
@Timeout(120)
class RepeatsTest {

  private static final String KEY = "Idempotency-Key";

  private final BrokenShop shop = BrokenShop.healable();
  private final Service service = Service.of(shop.target());

  @AfterEach
  void close() {
    service.close();
  }

  private static Call approval(RecoveryTask task, String comment) {
    JsonObject body =
        new JsonObject()
            .put("plan_digest", task.plan().digest())
            .put("accept_data_loss", true)
            .put("comment", comment);
    return Call.post("/api/recovery-tasks/" + task.id() + "/approve", body)
        .with(KEY, "run-7")
        .as(Service.APPROVER);
  }

  private static Call webhook(String name, Token token) {
    JsonObject body = new JsonObject().put("name", name).put("url", "https://example.com/x");
    return Call.post("/api/webhooks", body).with(KEY, "run-7").as(token);
  }

  private List<String> webhooks() {
    return service
        .send(Call.get("/api/webhooks").as(Service.ADMIN))
        .json()
        .getJsonArray("items")
        .stream()
        .map(webhook -> ((JsonObject) webhook).getString("name"))
        .toList();
  }

  @Test
  void anApprovalIsTakenOnceAndAnsweredTheSame() {
    // Given
    RecoveryTask task = shop.propose(service);

    // When
    Reply first = service.send(approval(task, "go"));
    Reply second = service.send(approval(task, "go"));

    // Then
    assertThat(first.status()).as(first.body()).isEqualTo(200);
    assertThat(first.headers()).doesNotContainKey("Idempotency-Replayed");
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.headers())
        .containsEntry("ETag", first.headers().get("ETag"))
        .containsEntry("Idempotency-Replayed", "true");
    assertThat(service.audited()).containsExactly("jarvis approve shop");
  }

  @Test
  void aRefusalIsAnsweredTheSameAlsoWhenItWouldBeNoneNow() {
    // Given
    RecoveryTask task = shop.propose(service);
    Call undo =
        Call.post("/api/recovery-tasks/" + task.id() + "/undo", "")
            .with(KEY, "run-8")
            .as(Service.APPROVER);

    // When
    Reply first = service.send(undo);
    Reply second = service.send(undo);

    // Then
    assertThat(first.problem(409)).isEqualTo("not-undoable");
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.headers()).containsEntry("Content-Type", "application/problem+json");
  }

  @Test
  void aKeyIsOfOneRequestAndOneToken() {
    // Given
    RecoveryTask task = shop.propose(service);
    Reply made = service.send(webhook("one", Service.ADMIN));

    // When
    Reply body = service.send(webhook("two", Service.ADMIN));
    Reply path = service.send(approval(task, "go").as(Service.ADMIN));
    Reply somebodyElse = service.send(approval(task, "go"));
    Reply mayNot = service.send(webhook("one", Service.APPROVER));

    // Then
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    assertThat(body.problem(422)).isEqualTo("key-reused");
    assertThat(path.problem(422)).isEqualTo("key-reused");
    assertThat(somebodyElse.status()).isEqualTo(200);
    mayNot.problem(403);
    assertThat(webhooks()).containsExactly("one");
  }

  @Test
  void ofManyAtOnceOneIsDone() {
    // When
    List<Future<Reply>> replies =
        IntStream.range(0, 20)
            .mapToObj(i -> service.sending(webhook("one", Service.ADMIN)))
            .toList();
    Future.all(replies).await();
    Reply after = service.send(webhook("one", Service.ADMIN));

    // Then
    assertThat(replies).extracting(reply -> reply.result().status()).isSubsetOf(201, 409);
    assertThat(
            replies.stream()
                .map(Future::result)
                .filter(reply -> reply.status() == 409)
                .map(reply -> reply.problem(409)))
        .allMatch("at-work"::equals);
    assertThat(after.status()).isEqualTo(201);
    assertThat(webhooks()).containsExactly("one");
  }

  @Test
  void aSecretIsInTheFirstAnswerAlone() {
    // When
    Reply first = service.send(webhook("one", Service.ADMIN));
    Reply again = service.send(webhook("one", Service.ADMIN));

    // Then
    String secret = first.json().getString("secret");
    assertThat(secret).startsWith("whsec_");
    assertThat(first.json().fieldNames()).doesNotContain("secret_withheld");
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.headers()).containsEntry("Idempotency-Replayed", "true");
    assertThat(again.json().getString("id")).isEqualTo(first.json().getString("id"));
    assertThat(again.json().getString("secret")).isNull();
    assertThat(again.json().getString("secret_withheld")).contains("makes another");
    assertThat(TestDatabases.query(service.storeUrl(), "SELECT k::text FROM pgmedic.kept_answer k"))
        .singleElement()
        .asString()
        .contains("secret_withheld")
        .doesNotContain("whsec_");
  }

  @Test
  void oneThatIsAtWorkIsToldSo() {
    // Given: a check that ends when the test says so
    CompletableFuture<Message<JsonObject>> asked = new CompletableFuture<>();
    List<Message<JsonObject>> checks = new ArrayList<>();
    service
        .vertx()
        .eventBus()
        .<JsonObject>consumer(
            Addresses.CHECK,
            message -> {
              checks.add(message);
              asked.complete(message);
            });
    Call check = Call.post("/api/targets/shop/check", "").with(KEY, "run-9").as(Service.APPROVER);
    Future<Reply> working = service.sending(check);
    Message<JsonObject> message = asked.orTimeout(30, TimeUnit.SECONDS).join();

    // When
    Reply meanwhile = service.send(check);
    message.reply(service.send(Call.get("/api/health/database")).json());
    Reply done = working.await();
    Reply again = service.send(check);

    // Then
    assertThat(meanwhile.problem(409)).isEqualTo("at-work");
    assertThat(meanwhile.headers()).containsKey("Retry-After");
    assertThat(done.status()).as(done.body()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(done.body());
    assertThat(checks).hasSize(1);
  }

  @Test
  void whatFailedForNoFaultOfTheRequestIsDoneAnew() {
    // Given
    RecoveryTask task = shop.propose(service);
    TestDatabases.run(
        service.storeUrl(), "ALTER TABLE pgmedic.audit ADD CONSTRAINT no CHECK (action = 'x')");
    Reply failed = service.send(approval(task, "go"));
    TestDatabases.run(service.storeUrl(), "ALTER TABLE pgmedic.audit DROP CONSTRAINT no");

    // When
    Reply again = service.send(approval(task, "go"));

    // Then
    failed.problem(503);
    assertThat(again.status()).as(again.body()).isEqualTo(200);
    assertThat(service.audited()).containsExactly("jarvis approve shop");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "LONG", "é"})
  void aKeyThatIsEmptyLongOrNotPlainIsRefused(String key) {
    // Given
    String given = key.replace("LONG", "x".repeat(129));

    // When
    Reply reply = service.send(webhook("one", Service.ADMIN).with(KEY, given));

    // Then
    reply.problem(400);
    assertThat(reply.json().getString("detail")).contains(KEY);
    assertThat(webhooks()).isEmpty();
  }
}
