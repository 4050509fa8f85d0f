package dev.pgmedic.event.consumer;

import dev.pgmedic.event.Addresses;
import dev.pgmedic.event.Cursor;
import dev.pgmedic.event.Event;
import dev.pgmedic.event.EventFilter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands every event to a handler, in the order of the log and one at a time. The bus may lose,
 * repeat and be late: what it repeats is dropped, and what it lost is read from the log.
 *
 * <p>The handler gets an event again when its future failed, and after a restart whatever is behind
 * the cursor that the service kept: at least once. It knows repeats by {@link Event#cursor}. While
 * it works, nothing is held for it: what came meanwhile is read from the log.
 */
public final class EventConsumer {

  private static final Logger LOG = LoggerFactory.getLogger(EventConsumer.class);

  /** The bus may lose the last message before a long silence. */
  private static final long QUIET_MILLIS = 30_000;

  private static final long FIRST_PAUSE_MILLIS = 200;
  private static final long LONGEST_PAUSE_MILLIS = 30_000;

  private final Vertx vertx;
  private final Context context;
  private final EventHistory history;
  private EventFilter filter = EventFilter.ALL;
  private Optional<Cursor> last = Optional.empty();
  private Runnable stale = () -> {};
  private Function<Event, Future<?>> handler = event -> Future.succeededFuture();
  private Optional<MessageConsumer<JsonObject>> subscription = Optional.empty();
  private long timer;
  private long pauseMillis = FIRST_PAUSE_MILLIS;
  private boolean busy = true;
  private boolean behind;
  private boolean stopped;

  private EventConsumer(Vertx vertx, EventHistory history) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.history = history;
  }

  /** A consumer on the bus of this Vert.x, which reads what it missed from this log. */
  public static EventConsumer of(Vertx vertx, EventHistory history) {
    return new EventConsumer(vertx, history);
  }

  /** Begins behind the last event that was handled before; else with what comes from now on. */
  public EventConsumer after(Cursor cursor) {
    last = Optional.of(cursor);
    return this;
  }

  /** Hands these events on alone. */
  public EventConsumer wanting(EventFilter wanted) {
    filter = wanted;
    return this;
  }

  /**
   * Runs when the log goes on without what was missed: events were deleted before they were read,
   * or the store was restored. All that the log holds follows.
   */
  public EventConsumer whenStale(Runnable told) {
    stale = told;
    return this;
  }

  /**
   * Begins. Completes when the bus is subscribed and the place in the log is known; fails when a
   * log without a cursor is not to be read, and then has stopped. What fails later is tried again,
   * after a pause that grows to 30 s.
   *
   * @param handle what is done with an event; runs on the context that made this consumer
   */
  public Future<Void> start(Function<Event, Future<?>> handle) {
    handler = handle;
    return Future.future(started ->
        context.runOnContext(begun ->
            begin()
                .recover(error -> stop().transform(ended -> Future.failedFuture(error)))
                .onComplete(started)));
  }

  private Future<Void> begin() {
    MessageConsumer<JsonObject> bus = vertx.eventBus().consumer(Addresses.EVENTS, this::told);
    subscription = Optional.of(bus);
    return bus.completion()
        .compose(subscribed ->
            last.map(Future::succeededFuture)
                .orElseGet(() -> history.after(last).map(EventHistory.Page::cursor)))
        .map(cursor -> {
          last = Optional.of(cursor);
          timer = vertx.setPeriodic(QUIET_MILLIS, tick -> look());
          catchUp();
          return null;
        });
  }

  /** Hands nothing more on. Completes when the bus has forgotten the subscription. */
  public Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    return subscription.map(MessageConsumer::unregister).orElseGet(Future::succeededFuture);
  }

  private void told(Message<JsonObject> message) {
    Optional<Cursor> cursor =
        Optional.ofNullable(message.headers().get(Addresses.HEADER_CURSOR)).flatMap(Cursor::parse);
    if (cursor.isPresent() && isRepeat(cursor.get())) {
      return;
    }
    if (!busy && cursor.isPresent() && isNext(cursor.get())) {
      handOn(message.body());
    } else {
      look();
    }
  }

  private boolean isRepeat(Cursor cursor) {
    return last.filter(seen -> seen.epoch().equals(cursor.epoch()))
        .filter(seen -> cursor.sequence() <= seen.sequence())
        .isPresent();
  }

  private boolean isNext(Cursor cursor) {
    return last.filter(seen -> new Cursor(seen.epoch(), seen.sequence() + 1).equals(cursor))
        .isPresent();
  }

  private void handOn(JsonObject cloudEvent) {
    busy = true;
    Future.succeededFuture(cloudEvent)
        .map(Event::of)
        .compose(this::handle)
        .onComplete(done -> rest(), error -> catchUp());
  }

  private void look() {
    if (busy) {
      behind = true;
    } else {
      catchUp();
    }
  }

  private void catchUp() {
    if (stopped) {
      return;
    }
    busy = true;
    behind = false;
    // What a history throws instead of failing is tried again too.
    Future.succeededFuture(last)
        .compose(history::after)
        .compose(page -> {
          if (page.stale()) {
            stale.run();
          }
          return handle(page.events().iterator())
              .map(handled -> {
                last = Optional.of(page.cursor());
                behind |= page.more();
                return null;
              });
        })
        .onComplete(read -> rest(), this::pause);
  }

  private void rest() {
    busy = false;
    pauseMillis = FIRST_PAUSE_MILLIS;
    if (behind) {
      catchUp();
    }
  }

  private void pause(Throwable error) {
    LOG.atWarn()
        .addKeyValue("cursor", last)
        .setCause(error)
        .log("An event could not be read or handled; it is tried again, and those behind it wait");
    vertx.setTimer(pauseMillis, passed -> catchUp());
    pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
  }

  private Future<Void> handle(Iterator<Event> events) {
    return events.hasNext() && !stopped
        ? handle(events.next()).compose(handled -> handle(events))
        : Future.succeededFuture();
  }

  private Future<Void> handle(Event event) {
    Future<?> handled =
        filter.wants(event)
            ? Future.succeededFuture(event).compose(handler::apply)
            : Future.succeededFuture();
    return handled.map(done -> {
      last = Optional.of(event.cursor());
      return null;
    });
  }
}
