package dev.pgmedic.api;

import dev.pgmedic.api.EventStream.Source;
import dev.pgmedic.api.EventStream.Start;
import dev.pgmedic.api.Operations.Answer;
import dev.pgmedic.check.Turnstile;
import dev.pgmedic.event.Addresses;
import dev.pgmedic.event.Cursor;
import dev.pgmedic.event.Event;
import dev.pgmedic.event.EventFilter;
import dev.pgmedic.event.EventType;
import dev.pgmedic.store.EventLog;
import dev.pgmedic.store.EventLog.Bounds;
import dev.pgmedic.store.EventLog.Reading;
import dev.pgmedic.store.Store;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The event log as a stream (SSE) or as pages. */
final class EventStreams {

  private static final String BEGINNING = "beginning";
  private static final String NOW = "now";

  /** NOTIFY and the bus may lose: the log is looked at this often in any case. */
  private static final long POLL_MILLIS = 1_000;

  /** Half of the store's connections: requests do not wait for a crowd of readers. */
  private static final int AT_ONCE = 4;

  private final EventLog log;
  private final EventTail tail;
  private final Turnstile turn = new Turnstile(AT_ONCE);
  private final TokenWatch tokens;
  private final Set<EventStream> open = new HashSet<>();

  EventStreams(Vertx vertx, Store store, Duration heartbeat, TokenWatch tokens) {
    this.tokens = tokens;
    this.log = store.events();
    this.tail = new EventTail(log, () -> List.copyOf(open).forEach(EventStream::look));
    // What this node's own relay has read: nobody else of a cluster says what streams send.
    vertx.eventBus().<JsonObject>localConsumer(Addresses.EVENTS, event -> tail.told(event.body()));
    vertx.setPeriodic(0, POLL_MILLIS, tick -> tail.look());
    vertx.setPeriodic(
        heartbeat.toMillis(), tick -> List.copyOf(open).forEach(EventStream::heartbeat));
  }

  /** The last event that the streams of this node could send; absent before the first look. */
  Optional<Cursor> position() {
    return tail.end();
  }

  /** How many readers there are. */
  int readers() {
    return open.size();
  }

  void addTo(Operations operations) {
    Handler<RoutingContext> pages = Operations.json(this::page);
    operations.raw(
        "listEvents",
        context -> {
          if (wantsPage(context)) {
            pages.handle(context);
          } else {
            stream(context);
          }
        });
  }

  /**
   * A part of the log.
   *
   * @param items CloudEvents, oldest first
   * @param nextAfter where the next page begins; absent on the last one
   * @param cursor where to read on later: also behind events that the filter kept back
   * @param stale whether the cursor was not to be followed, so that this is what the log holds
   *     instead
   */
  private record EventPage(
      List<Map<String, Object>> items, Optional<String> nextAfter, String cursor, boolean stale) {
    static EventPage of(Reading read, boolean stale, int limit) {
      String reached = read.reached().toString();
      return new EventPage(
          read.events().stream().map(EventPage::cloudEvent).toList(),
          read.events().size() == limit ? Optional.of(reached) : Optional.empty(),
          reached,
          stale);
    }

    // Its data is a JsonObject too, which only Vert.x writes as what it holds.
    private static Map<String, Object> cloudEvent(Event event) {
      return new JsonObject(event.toCloudEvent().encode()).getMap();
    }
  }

  private Future<Answer> page(RoutingContext context) {
    EventFilter filter = filter(context);
    int limit = Query.limit(context);
    return start(context)
        .compose(start ->
            log.read(start.cursor(), filter, limit)
                .map(read -> Answer.ok(EventPage.of(read, start.stale() || read.stale(), limit))));
  }

  private void stream(RoutingContext context) {
    EventFilter filter = filter(context);
    HttpServerResponse response = context.response();
    turn.through(() -> start(context))
        .onSuccess(start -> {
          if (response.closed()) {
            return; // it left while the log was asked, and its close would not be told again
          }
          EventStream stream =
              new EventStream(response, new Source(tail, log, turn), filter, start);
          open.add(stream);
          Runnable forget = tokens.watch(context, () -> refuse(stream));
          response.closeHandler(closed -> {
            open.remove(stream);
            forget.run();
          });
          stream.look();
        })
        .onFailure(context::fail);
  }

  // A response that has ended hears nothing of its connection.
  private void refuse(EventStream stream) {
    open.remove(stream);
    stream.refuse();
  }

  private static boolean wantsPage(RoutingContext context) {
    return String.valueOf(context.request().getHeader("Accept")).contains("application/json");
  }

  private static EventFilter filter(RoutingContext context) {
    Set<EventType> types =
        Query.parsed(context, "type", text -> EventFilter.parse("", text).types()).orElse(Set.of());
    return new EventFilter(Sight.targets(context), types);
  }

  // Without a cursor a stream starts now and a page at the beginning: a page of nothing would help
  // nobody.
  private Future<Start> start(RoutingContext context) {
    String cursor =
        Optional.ofNullable(context.request().getHeader("Last-Event-ID"))
            .filter(id -> !id.isEmpty())
            .or(() -> Query.text(context, "after"))
            .orElse(wantsPage(context) ? BEGINNING : NOW);
    return log.bounds()
        .map(bounds ->
            switch (cursor) {
              case BEGINNING -> new Start(bounds.oldest(), false);
              case NOW -> new Start(bounds.newest(), false);
              default -> from(cursor, bounds);
            });
  }

  private static Start from(String text, Bounds bounds) {
    Cursor cursor =
        Cursor.parse(text)
            .orElseThrow(() ->
                Problem.badRequest(
                    "after: expected a cursor of this log, " + BEGINNING + " or " + NOW));
    return bounds.reaches(cursor) ? new Start(cursor, false) : new Start(bounds.oldest(), true);
  }

  /** Ends every stream; readers come back with their cursors. */
  void close() {
    List.copyOf(open).forEach(EventStream::end);
  }
}
