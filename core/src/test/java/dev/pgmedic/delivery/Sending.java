package dev.pgmedic.delivery;

import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.event.Event;
import dev.pgmedic.event.EventFilter;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.store.Deliveries;
import dev.pgmedic.store.Deliveries.Delivery;
import dev.pgmedic.store.Issues;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Webhooks;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import dev.pgmedic.webhook.AddressRange;
import dev.pgmedic.webhook.OpenAddresses;
import dev.pgmedic.webhook.Webhook;
import dev.pgmedic.webhook.WebhookFormat;
import dev.pgmedic.webhook.WebhookSecret;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** A store with a webhook, events that it gets, and a clock that can be moved. */
final class Sending {

  static final OpenAddresses LOOPBACK =
      new OpenAddresses(List.of(AddressRange.parse("127.0.0.1/32")));
  static final WebhookSecret SECRET = WebhookSecret.random();

  final Vertx vertx;
  final PostgresUrl url = TestDatabases.fresh();
  final Store store;
  private int written;

  Sending(Vertx vertx) {
    this.vertx = vertx;
    this.store = Store.open(vertx, url).await();
  }

  @CanIgnoreReturnValue
  UUID webhook(String name, String address, WebhookFormat format, EventFilter filter) {
    return new Webhooks(store)
        .add(new Webhook(name, Webhook.url(address), format, SECRET, filter))
        .await()
        .orElseThrow();
  }

  @CanIgnoreReturnValue
  UUID webhook(String address) {
    return webhook("ops", address, WebhookFormat.CLOUDEVENTS, EventFilter.ALL);
  }

  @CanIgnoreReturnValue
  String node() {
    return node(LOOPBACK, Optional.empty());
  }

  @CanIgnoreReturnValue
  String node(OpenAddresses open, Optional<Resolver> resolver) {
    return node(open, resolver, new HttpClientOptions());
  }

  @CanIgnoreReturnValue
  String node(OpenAddresses open, Optional<Resolver> resolver, HttpClientOptions options) {
    return vertx.deployVerticle(new WebhookVerticle(store, open, options, resolver)).await();
  }

  /** A check that finds something new: health.changed, and issue.opened or issue.updated. */
  void write(String target, int times) {
    for (int i = 0; i < times; i++) {
      written++;
      new Issues(store).record(Target.of(target, url), found(target, "message " + written)).await();
    }
  }

  private static Diagnosis found(String target, String message) {
    Finding finding =
        new Finding(IssueCode.DATA_LOST, "public.a", message, "Look at it", Map.of("seen", 1));
    return new Diagnosis(
        target,
        Instant.now(),
        Duration.ofMillis(1),
        Optional.empty(),
        Optional.empty(),
        List.of(finding),
        Set.of());
  }

  List<Event> log() {
    return store
        .events()
        .read(store.events().bounds().await().oldest(), EventFilter.ALL, 10_000)
        .await()
        .events();
  }

  List<String> ids() {
    return log().stream().map(event -> event.cursor().toString()).toList();
  }

  List<Delivery> deliveries(UUID webhook) {
    return new Deliveries(store).list(webhook, Optional.empty(), 0, 500).await().items();
  }

  List<String> states(UUID webhook) {
    return deliveries(webhook).stream().map(Delivery::state).toList();
  }

  /** Makes it later, by the store's rows. */
  void later(Duration time) {
    String by = " - interval '" + time.toMillis() + " milliseconds'";
    TestDatabases.run(
        url,
        "UPDATE pgmedic.webhook SET attempt_at = attempt_at" + by,
        "UPDATE pgmedic.webhook_delivery SET since = since" + by);
  }

  static void until(BooleanSupplier condition) {
    await().atMost(Duration.ofSeconds(60)).until(condition::getAsBoolean);
  }
}
