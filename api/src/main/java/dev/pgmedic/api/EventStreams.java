package dev.pgmedic.api;

import dev.pgmedic.api.Operations.Answer;
import dev.pgmedic.event.Addresses;
import dev.pgmedic.event.Cursor;
import dev.pgmedic.event.Event;
import dev.pgmedic.event.EventType;
import dev.pgmedic.store.EventLog;
import dev.pgmedic.store.EventLog.Bounds;
import dev.pgmedic.store.Page;
import dev.pgmedic.store.Store;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The event log as a stream (SSE) or as pages. */
final class EventStreams {

  /** The time between two heartbeats. */
  static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private static final String BEGINNING = "beginning";

  private final EventLog log;
  private final Set<EventStream> open = new HashSet<>();

  EventStreams(Vertx vertx, Store store, Duration heartbeat) {
    this.log = store.events();
    vertx
        .eventBus()
        .<JsonObject>consumer(
            Addresses.EVENTS, event -> List.copyOf(open).forEach(EventStream::look));
    vertx.setPeriodic(
        heartbeat.toMillis(), tick -> List.copyOf(open).forEach(EventStream::heartbeat));
  }

  void addTo(Operations operations) {
    Operations pages = new Operations().answer("listEvents", this::page);
    operations.raw(
        "listEvents",
        context -> {
          if (wantsPage(context)) {
            pages.handle("listEvents", context);
          } else {
            stream(context);
          }
        });
  }

  private Future<Answer> page(RoutingContext context) {
    EventStream.Filter filter = filter(context);
    int limit = Query.limit(context);
    return start(context, log)
        .compose(start -> log.read(start.cursor(), filter.target(), filter.type(), limit))
        .map(events -> {
          Optional<String> next =
              events.size() == limit
                  ? Optional.of(events.get(limit - 1).cursor().toString())
                  : Optional.empty();
          return Answer.ok(
              new Page<>(
                  events.stream().map(Event::toCloudEvent).map(JsonObject::getMap).toList(), next));
        });
  }

  private void stream(RoutingContext context) {
    EventStream.Filter filter = filter(context);
    start(context, log)
        .onSuccess(start -> {
          if (context.response().closed()) {
            return; // it left while the log was asked, and its close would not be told again
          }
          EventStream stream = new EventStream(context.response(), log, filter, start);
          open.add(stream);
          context.response().closeHandler(closed -> open.remove(stream));
          stream.begin();
        })
        .onFailure(context::fail);
  }

  private static boolean wantsPage(RoutingContext context) {
    return String.valueOf(context.request().getHeader("Accept")).contains("application/json");
  }

  private static EventStream.Filter filter(RoutingContext context) {
    return new EventStream.Filter(
        Query.text(context, "target"), Query.parsed(context, "type", EventType::of));
  }

  // Without a cursor a stream starts now and a page at the beginning: a page of nothing would help
  // nobody.
  private static Future<EventStream.Start> start(RoutingContext context, EventLog log) {
    Optional<String> cursor =
        Optional.ofNullable(context.request().getHeader("Last-Event-ID"))
            .filter(id -> !id.isEmpty())
            .or(() -> Query.text(context, "after"));
    boolean page = wantsPage(context);
    return log.bounds()
        .map(bounds -> {
          if (cursor.isEmpty()) {
            return new EventStream.Start(page ? bounds.oldest() : bounds.newest(), false);
          }
          return cursor.get().equals(BEGINNING)
              ? new EventStream.Start(bounds.oldest(), false)
              : from(cursor.get(), bounds);
        });
  }

  private static EventStream.Start from(String text, Bounds bounds) {
    Cursor cursor =
        Cursor.parse(text)
            .orElseThrow(
                () -> Problem.badRequest("after: expected a cursor of this log, or " + BEGINNING));
    return bounds.reaches(cursor)
        ? new EventStream.Start(cursor, false)
        : new EventStream.Start(bounds.oldest(), true);
  }

  /** Ends every stream; readers come back with their cursors. */
  void close() {
    List.copyOf(open).forEach(EventStream::end);
  }
}
