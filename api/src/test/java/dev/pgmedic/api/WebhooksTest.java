package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.delivery.WebhookVerticle;
import dev.pgmedic.event.EventFilter;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.store.Issues;
import dev.pgmedic.store.Webhooks;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import dev.pgmedic.webhook.OpenAddresses;
import dev.pgmedic.webhook.Webhook;
import dev.pgmedic.webhook.WebhookFormat;
import dev.pgmedic.webhook.WebhookSecret;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhooks over HTTP: made by an admin, shown without what is secret, their dead replayed. */
@Timeout(120)
class WebhooksTest {

  private final Target shop = Target.of("shop", TestDatabases.fresh());
  private final Service service = Service.of(shop);

  @AfterEach
  void close() {
    service.close();
  }

  private static Call delete(String id) {
    return new Call("DELETE", "/api/webhooks/" + id, Map.of(), "").as(Service.ADMIN);
  }

  private Reply create(JsonObject body) {
    return service.send(Call.post("/api/webhooks", body).as(Service.ADMIN));
  }

  private JsonArray list() {
    return service.send(Call.get("/api/webhooks").as(Service.ADMIN)).json().getJsonArray("items");
  }

  private static JsonObject ops() {
    return new JsonObject()
        .put("name", "ops")
        .put("url", "http://127.0.0.1:9/path-that-is-hidden?token=hidden")
        .put("format", "slack")
        .put("targets", new JsonArray().add("shop"))
        .put("types", new JsonArray().add("issue.opened"));
  }

  @Test
  void anAdminAddsOneAndSeesItsSecretOnce() {
    // When
    Reply made = create(ops());
    Reply again = create(ops());
    Reply seen = service.send(Call.get("/api/webhooks").as(Service.ADMIN));

    // Then
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    assertThat(made.json().getString("secret")).startsWith("whsec_");
    assertThat(made.body()).doesNotContain("hidden");
    assertThat(again.problem(409)).isEqualTo("name-taken");
    assertThat(seen.body()).doesNotContain("hidden", "whsec_");
    JsonObject one = list().getJsonObject(0);
    assertThat(one.getString("url")).isEqualTo("http://127.0.0.1:9/…");
    assertThat(one.getJsonArray("types")).containsExactly("issue.opened");
    assertThat(one.getBoolean("configured")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"name\": \"a b\", \"url\": \"https://h/x\"}",
        "{\"name\": \"a\", \"url\": \"file:///etc/passwd\"}",
        "{\"name\": \"a\", \"url\": \"https://me:hidden@h/x\"}",
        "{\"name\": \"a\", \"url\": \"https://\"}",
        "{\"name\": \"a\", \"url\": \"https://h/x\", \"format\": \"pigeon\"}",
        "{\"name\": \"a\", \"url\": \"https://h/x\", \"secret\": \"hidden\"}",
        "{\"name\": \"a\", \"url\": \"https://h/x\", \"types\": [\"issue.eaten\"]}",
        "{\"name\": \"a\", \"url\": \"https://h/x\", \"targets\": \"shop\"}"
      })
  void whatIsWrongIsSaidAndNothingIsAdded(String body) {
    // When
    Reply reply = service.send(Call.post("/api/webhooks", body).as(Service.ADMIN));

    // Then
    reply.problem(400);
    assertThat(reply.body()).doesNotContain("hidden");
    assertThat(list()).isEmpty();
  }

  @Test
  void oneIsForgottenUnlessTheConfigurationNamesIt() {
    // Given
    String added = create(ops()).json().getString("id");
    new Webhooks(service.store())
        .configure(
            List.of(
                new Webhook(
                    "named",
                    Webhook.url("https://h/x"),
                    WebhookFormat.NTFY,
                    WebhookSecret.random(),
                    EventFilter.ALL)))
        .await();
    String named = list().getJsonObject(0).getString("id");

    // When
    Reply gone = service.send(delete(added));
    Reply twice = service.send(delete(added));
    Reply kept = service.send(delete(named));
    Reply unknown = service.send(delete(UUID.randomUUID().toString()));
    JsonArray left = list();
    new Webhooks(service.store()).configure(List.of()).await();

    // Then
    assertThat(gone.status()).isEqualTo(200);
    twice.problem(404);
    assertThat(kept.problem(409)).isEqualTo("configured");
    unknown.problem(404);
    assertThat(left).hasSize(1);
    assertThat(list()).isEmpty();
  }

  @Test
  void theAuditTellsWhoAddedDeletedAndReplayedWhat() {
    // Given
    String id = create(ops()).json().getString("id");

    // When
    Reply replayed =
        service.send(Call.post("/api/webhooks/" + id + "/replay", "").as(Service.ADMIN));
    Reply gone = service.send(delete(id));
    Reply unknown = service.send(delete(id));
    Reply audit = service.send(Call.get("/api/audit").as(Service.ADMIN));

    // Then
    assertThat(List.of(replayed.status(), gone.status(), unknown.status()))
        .containsExactly(200, 200, 404);
    List<JsonObject> lines =
        audit.json().getJsonArray("items").stream().map(JsonObject.class::cast).toList();
    assertThat(lines)
        .extracting(line -> line.getString("action"))
        .containsExactly("create_webhook", "replay_webhook", "delete_webhook");
    assertThat(lines)
        .allSatisfy(line ->
            assertThat(line.getMap())
                .containsEntry("actor", "root")
                .containsEntry("subject", "ops"));
    assertThat(lines.get(0).getString("comment"))
        .isEqualTo("slack to http://127.0.0.1:9/…, targets [shop], types [issue.opened]");
    assertThat(audit.body()).doesNotContain("hidden", "whsec_");
  }

  @Test
  void whatCannotBeAuditedIsNotDone() {
    // Given
    String id = create(ops()).json().getString("id");
    TestDatabases.run(
        service.storeUrl(), "ALTER TABLE pgmedic.audit ADD CHECK (action = 'create_webhook')");

    // When
    Reply gone = service.send(delete(id));

    // Then
    gone.problem(503);
    assertThat(list()).hasSize(1);
  }

  @Test
  void whatWasGivenUpIsSeenAndSentAgain() {
    // Given: its address is closed, which is a refusal
    String id = create(ops()).json().getString("id");
    String deliveries = "/api/webhooks/" + id + "/deliveries";
    service
        .vertx()
        .deployVerticle(new WebhookVerticle(service.store(), new OpenAddresses(List.of())))
        .await();
    new Issues(service.store())
        .record(shop, BrokenShop.found(shop, IssueCode.DATA_LOST, "public.a", "gone"))
        .await();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> list().getJsonObject(0).getInteger("failures") > 0);
    TestDatabases.run(
        service.storeUrl(),
        "UPDATE pgmedic.webhook_delivery SET since = since - interval '1 hour'",
        "UPDATE pgmedic.webhook SET attempt_at = now()");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> list().getJsonObject(0).getInteger("dead") == 1);

    // When
    JsonObject dead =
        service
            .send(Call.get(deliveries + "?state=dead").as(Service.ADMIN))
            .json()
            .getJsonArray("items")
            .getJsonObject(0);
    Reply other =
        service.send(
            Call.post("/api/webhooks/" + id + "/replay?sequence=999", "").as(Service.ADMIN));
    Reply replayed =
        service.send(Call.post("/api/webhooks/" + id + "/replay", "").as(Service.ADMIN));

    // Then
    assertThat(dead.getString("type")).isEqualTo("issue.opened");
    assertThat(dead.getString("target")).isEqualTo("shop");
    assertThat(dead.getInteger("attempts")).isGreaterThan(1);
    assertThat(dead.getString("last_error")).contains("webhooks.allow");
    assertThat(other.json().getInteger("replayed")).isZero();
    assertThat(replayed.json().getInteger("replayed")).isEqualTo(1);
    assertThat(list().getJsonObject(0).getInteger("dead")).isZero();
    service.send(Call.get(deliveries + "?after=x").as(Service.ADMIN)).problem(400);
  }
}
