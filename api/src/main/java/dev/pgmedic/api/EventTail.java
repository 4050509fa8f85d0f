package dev.pgmedic.api;

import dev.pgmedic.event.Cursor;
import dev.pgmedic.event.Event;
import dev.pgmedic.event.EventFilter;
import dev.pgmedic.store.EventLog;
import dev.pgmedic.store.EventLog.Bounds;
import dev.pgmedic.store.EventLog.Reading;
import dev.pgmedic.store.Outage;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The newest events of the log, read once for all streams of a node: what one event costs the store
 * does not grow with the readers. The next event is taken from the bus, where the relay tells it as
 * soon as it has read it; what the bus lost is read. Belongs to one event loop.
 */
final class EventTail {

  private static final int BATCH = 200;

  /** A reader that is further behind reads the log for itself. */
  private static final int MOST_EVENTS = 1_000;

  private static final int MOST_BYTES = 4 * 1024 * 1024;

  private final EventLog log;
  private final Runnable listener;
  private final Outage outage =
      new Outage(
          LoggerFactory.getLogger(EventTail.class),
          "no event reaches the streams until it does; none is lost, and it is asked every second");
  // The log has no gaps: an event lies at its number, and the oldest gives way.
  private final @Nullable Frame[] frames = new Frame[MOST_EVENTS];
  private long first;
  private long bytes;
  private Optional<Cursor> end = Optional.empty();
  private boolean reading;
  private boolean again;

  /**
   * A tail of this log.
   *
   * @param listener runs when more is there
   */
  EventTail(EventLog log, Runnable listener) {
    this.log = log;
    this.listener = listener;
  }

  /**
   * An event and the bytes that every stream sends of it.
   *
   * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
   *     events</a>
   */
  record Frame(Event event, Buffer bytes) {
    static Frame of(Event event) {
      return new Frame(
          event,
          Buffer.buffer(
              "id: "
                  + event.cursor()
                  + "\nevent: "
                  + event.type()
                  + "\ndata: "
                  + event.toCloudEvent().encode()
                  + "\n\n"));
    }
  }

  /** The last event that the streams of this node could send; absent before the first look. */
  Optional<Cursor> end() {
    return end;
  }

  /** Whether all that was behind this cursor at the last look is here. */
  boolean holds(Cursor cursor) {
    return end.filter(last -> last.epoch().equals(cursor.epoch()))
        .filter(last -> cursor.sequence() >= Math.min(first - 1, last.sequence()))
        .isPresent();
  }

  /** The event behind a cursor that is held; nothing when it is the last. */
  Optional<Frame> next(Cursor cursor) {
    return end.filter(last -> cursor.sequence() < last.sequence())
        .map(last -> frames[slot(cursor.sequence() + 1)]);
  }

  private static int slot(long sequence) {
    return (int) (sequence % MOST_EVENTS);
  }

  /** Takes an event that the bus tells when it is the next one, and reads what came before it. */
  void told(JsonObject cloudEvent) {
    Optional<Event> next = parsed(cloudEvent);
    if (next.filter(event -> isNext(event.cursor())).isPresent()) {
      add(Frame.of(next.get()));
      end = next.map(Event::cursor);
      listener.run();
    } else if (next.filter(event -> isThere(event.cursor())).isEmpty()) {
      look();
    }
  }

  private static Optional<Event> parsed(JsonObject cloudEvent) {
    try {
      return Optional.of(Event.of(cloudEvent));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private boolean isNext(Cursor cursor) {
    return end.filter(last -> new Cursor(last.epoch(), last.sequence() + 1).equals(cursor))
        .isPresent();
  }

  private boolean isThere(Cursor cursor) {
    return end.filter(last -> last.epoch().equals(cursor.epoch()))
        .filter(last -> cursor.sequence() <= last.sequence())
        .isPresent();
  }

  /** Reads what is new, if anything is. */
  void look() {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    again = false;
    end.map(last -> log.read(last, EventFilter.ALL, BATCH).map(this::take))
        .orElseGet(() -> log.bounds().map(this::begin))
        .onComplete(looked -> {
          reading = false;
          if (looked.failed()) {
            outage.goesOn(looked.cause());
            return;
          }
          outage.over();
          if (again || looked.result()) {
            look();
          }
        });
  }

  private boolean begin(Bounds bounds) {
    end = Optional.of(bounds.newest());
    first = bounds.newest().sequence() + 1;
    listener.run();
    return false;
  }

  // Whether there is more to read. What was told meanwhile is here already.
  private boolean take(Reading read) {
    if (read.stale()) {
      Arrays.fill(frames, null);
      bytes = 0;
      first = read.bounds().oldest().sequence() + 1;
      end = Optional.of(read.bounds().oldest());
    }
    List<Event> events = read.events().stream().filter(event -> !isThere(event.cursor())).toList();
    events.stream().map(Frame::of).forEach(this::add);
    if (!isThere(read.reached())) {
      end = Optional.of(read.reached());
    }
    if (read.stale() || !events.isEmpty()) {
      listener.run();
    }
    return read.events().size() == BATCH;
  }

  private void add(Frame frame) {
    long sequence = frame.event().cursor().sequence();
    while (first < sequence && (sequence - first >= MOST_EVENTS || bytes > MOST_BYTES)) {
      bytes -= Objects.requireNonNull(frames[slot(first)]).bytes().length();
      frames[slot(first)] = null;
      first++;
    }
    frames[slot(sequence)] = frame;
    bytes += frame.bytes().length();
  }
}
