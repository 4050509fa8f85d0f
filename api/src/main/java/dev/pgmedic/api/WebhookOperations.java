package dev.pgmedic.api;

import dev.pgmedic.api.Operations.Answer;
import dev.pgmedic.event.EventFilter;
import dev.pgmedic.event.EventType;
import dev.pgmedic.json.Json;
import dev.pgmedic.store.Actor;
import dev.pgmedic.store.Deed;
import dev.pgmedic.store.Deed.Action;
import dev.pgmedic.store.Deliveries;
import dev.pgmedic.store.Page;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Webhooks;
import dev.pgmedic.store.Webhooks.Known;
import dev.pgmedic.webhook.Webhook;
import dev.pgmedic.webhook.WebhookFormat;
import dev.pgmedic.webhook.WebhookSecret;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where events are sent, and what was given up. */
final class WebhookOperations {

  private static final String WITHHELD =
      "the secret was in the first answer alone; whoever missed it deletes this webhook and makes"
          + " another";

  private final Store store;
  private final Webhooks webhooks;
  private final Deliveries deliveries;

  WebhookOperations(Store store) {
    this.store = store;
    this.webhooks = new Webhooks(store);
    this.deliveries = new Deliveries(store);
  }

  void addTo(Operations operations) {
    operations
        .answer("listWebhooks", this::list)
        .answer("createWebhook", this::create)
        .answer("deleteWebhook", this::delete)
        .answer("listDeliveries", this::deliveries)
        .answer("replayWebhook", this::replay);
  }

  // Its URL and its secret may open a door of somebody else's: shown without.
  private record View(
      UUID id,
      String name,
      String url,
      String format,
      List<String> targets,
      List<String> types,
      boolean configured,
      Instant createdAt,
      long pending,
      long dead,
      int failures,
      Optional<Instant> behindSince,
      Optional<String> secret) {

    static View of(Known known, Optional<String> secret) {
      Webhook webhook = known.webhook();
      return new View(
          known.id(),
          webhook.name(),
          webhook.shownUrl(),
          webhook.format().toString(),
          webhook.filter().targets().stream().sorted().toList(),
          webhook.filter().types().stream().sorted().map(EventType::toString).toList(),
          known.configured(),
          known.createdAt(),
          known.pending(),
          known.dead(),
          known.failures(),
          known.behindSince(),
          secret);
    }
  }

  private Future<Answer> list(RoutingContext context) {
    return webhooks
        .list()
        .map(all ->
            Answer.ok(
                new Page<>(
                    all.stream().map(known -> View.of(known, Optional.empty())).toList(),
                    Optional.empty())));
  }

  private Future<Answer> create(RoutingContext context) {
    Webhook webhook = read(context.body().asJsonObject());
    return new Webhooks(audited(context, Action.CREATE_WEBHOOK, webhook))
        .add(webhook)
        .map(added ->
            added.orElseThrow(() ->
                Problem.conflict(
                    "name-taken",
                    "there is a webhook " + webhook.name() + "; expected another name")))
        .compose(this::known)
        .map(known ->
            new Answer(
                201,
                View.of(known, Optional.of(webhook.secret().text())),
                Optional.empty(),
                Optional.of(again(known))));
  }

  // The answer is kept for whoever asks again, and its secret nowhere but where it signs.
  private static Map<String, Object> again(Known known) {
    return new JsonObject(Json.write(View.of(known, Optional.empty())))
        .put("secret_withheld", WITHHELD)
        .getMap();
  }

  private Store audited(RoutingContext context, Action action, Webhook webhook) {
    Actor actor = Access.actor(context, new JsonObject());
    String told = action == Action.CREATE_WEBHOOK ? told(webhook) : "";
    return store.audited(new Deed(actor, action, "", webhook.name(), "", told));
  }

  private static String told(Webhook webhook) {
    EventFilter filter = webhook.filter();
    return webhook.format()
        + " to "
        + webhook.shownUrl()
        + (filter.targets().isEmpty() ? "" : ", targets " + new TreeSet<>(filter.targets()))
        + (filter.types().isEmpty() ? "" : ", types " + new TreeSet<>(filter.types()));
  }

  private static Webhook read(JsonObject body) {
    try {
      return new Webhook(
          body.getString("name"),
          Webhook.url(body.getString("url")),
          WebhookFormat.of(body.getString("format", WebhookFormat.CLOUDEVENTS.toString())),
          Optional.ofNullable(body.getString("secret"))
              .map(WebhookSecret::new)
              .orElseGet(WebhookSecret::random),
          new EventFilter(
              texts(body, "targets", Function.identity()),
              texts(body, "types", WebhookOperations::type)));
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private static EventType type(String text) {
    try {
      return EventType.of(text);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("types: " + e.getMessage());
    }
  }

  private static <T> Set<T> texts(JsonObject body, String name, Function<String, T> reader) {
    return body.getJsonArray(name, new JsonArray()).stream()
        .map(String::valueOf)
        .map(reader)
        .collect(Collectors.toSet());
  }

  private Future<Known> known(UUID id) {
    return webhooks.find(id).map(found -> found.orElseThrow(() -> Query.notFound("webhook", id)));
  }

  private Future<Answer> delete(RoutingContext context) {
    return known(Query.id(context, "webhook"))
        .compose(known ->
            new Webhooks(audited(context, Action.DELETE_WEBHOOK, known.webhook()))
                .remove(known.id())
                .map(gone -> {
                  if (!gone) {
                    throw Problem.conflict(
                        "configured",
                        known.webhook().name() + " is in the configuration: take it out there");
                  }
                  return Answer.ok(View.of(known, Optional.empty()));
                }));
  }

  private Future<Answer> deliveries(RoutingContext context) {
    Optional<String> state = Query.text(context, "state");
    long after = Query.parsed(context, "after", WebhookOperations::sequence).orElse(0L);
    int limit = Query.limit(context);
    return known(Query.id(context, "webhook"))
        .compose(known -> deliveries.list(known.id(), state, after, limit))
        .map(Answer::ok);
  }

  private static long sequence(String text) {
    return Stream.of(text)
        .filter(digits -> digits.matches("\\d{1,18}"))
        .map(Long::parseLong)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("expected next_after of the page before"));
  }

  private Future<Answer> replay(RoutingContext context) {
    Optional<Long> sequence = Query.parsed(context, "sequence", WebhookOperations::sequence);
    return known(Query.id(context, "webhook"))
        .compose(known ->
            new Deliveries(audited(context, Action.REPLAY_WEBHOOK, known.webhook()))
                .replay(known.id(), sequence))
        .map(again -> Answer.ok(Map.of("replayed", again)));
  }
}
