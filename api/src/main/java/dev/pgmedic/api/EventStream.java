package dev.pgmedic.api;

import dev.pgmedic.api.EventTail.Frame;
import dev.pgmedic.check.Turnstile;
import dev.pgmedic.event.Cursor;
import dev.pgmedic.event.EventFilter;
import dev.pgmedic.store.EventLog;
import dev.pgmedic.store.EventLog.Reading;
import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader of the event stream. Gets the next event only when it has taken those before, so that
 * a slow one costs no memory. One that takes nothing for a while is dropped by the server, and
 * comes back with its cursor.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
 *     events</a>
 */
final class EventStream {

  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

  /** Held in memory for a reader that is behind; few, for an event may be large. */
  private static final int BATCH = 20;

  private final HttpServerResponse response;
  private final Source source;
  private final EventFilter filter;
  private final Deque<Frame> fetched = new ArrayDeque<>(0);
  private Cursor sent;
  private boolean reading;
  private boolean full;

  EventStream(HttpServerResponse response, Source source, EventFilter filter, Start start) {
    this.response = response;
    this.source = source;
    this.filter = filter;
    this.sent = start.cursor();
    response
        .setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("X-Accel-Buffering", "no");
    write(start.stale() ? stale(sent) : beat(sent));
  }

  /**
   * Where streams have their events from.
   *
   * @param tail the newest
   * @param log those before
   * @param turn bounds how many streams read the log at once
   */
  record Source(EventTail tail, EventLog log, Turnstile turn) {}

  /**
   * Where a stream starts.
   *
   * @param cursor the last event that the reader has
   * @param stale whether the reader's own cursor could not be followed
   */
  record Start(Cursor cursor, boolean stale) {}

  private static Buffer beat(Cursor cursor) {
    return Buffer.buffer("id: " + cursor + "\n\n");
  }

  private static Buffer stale(Cursor cursor) {
    return Buffer.buffer("event: stale\nid: " + cursor + "\ndata: {}\n\n");
  }

  /**
   * A frame with an id alone: the cursor of a filtered reader moves, and a dead connection is
   * noticed.
   */
  void heartbeat() {
    if (takes()) {
      write(beat(sent));
      look();
    }
  }

  /** Sends what is new, as far as the reader takes it. */
  void look() {
    if (gone() || reading) {
      return;
    }
    sendFetched();
    if (fetched.isEmpty() && source.tail().holds(sent)) {
      sendNewest();
    } else if (fetched.isEmpty() && takes()) {
      fetch();
    }
  }

  private void sendFetched() {
    while (!fetched.isEmpty() && takes()) {
      send(fetched.removeFirst());
    }
  }

  private void sendNewest() {
    Optional<Frame> next = source.tail().next(sent);
    while (next.isPresent() && takes()) {
      send(next.get());
      next = source.tail().next(sent);
    }
  }

  private void fetch() {
    reading = true;
    source.turn().through(() -> source.log().read(sent, filter, BATCH)).onComplete(this::fetched);
  }

  private void fetched(AsyncResult<Reading> read) {
    reading = false;
    if (gone()) {
      return;
    }
    if (read.failed()) {
      LOG.atWarn()
          .addKeyValue(RequestIds.KEY, RequestIds.of(response))
          .setCause(read.cause())
          .log("A stream waits for the store; it goes on by itself");
      return;
    }
    Reading reading = read.result();
    if (reading.stale()) {
      sent = reading.bounds().oldest();
      write(stale(sent));
    }
    reading.events().stream().map(Frame::of).forEach(fetched::add);
    sendFetched();
    if (reading.events().isEmpty()) {
      sent = reading.reached();
    }
    if (reading.events().size() == BATCH || source.tail().holds(sent)) {
      look();
    }
  }

  // A reader that takes no more is looked at again when it has taken what was sent.
  private boolean takes() {
    if (gone()) {
      return false;
    }
    if (response.writeQueueFull()) {
      if (!full) {
        full = true;
        response.drainHandler(this::drained);
      }
      return false;
    }
    return true;
  }

  private void drained(Void taken) {
    full = false;
    look();
  }

  private void send(Frame frame) {
    sent = frame.event().cursor();
    if (filter.wants(frame.event())) {
      write(frame.bytes());
    }
  }

  private boolean gone() {
    return response.closed() || response.ended();
  }

  private void write(Buffer frame) {
    if (!gone()) {
      response.write(frame).onFailure(this::left);
    }
  }

  private void left(Throwable gone) {
    LOG.atDebug()
        .addKeyValue(RequestIds.KEY, RequestIds.of(response))
        .setCause(gone)
        .log("A reader of the stream left");
  }

  /** Ends it, and says to whoever looks at the bytes that their token is good no more. */
  void refuse() {
    write(Buffer.buffer(": " + TokenWatch.ENDED + "\n\n"));
    end();
  }

  void end() {
    if (!gone()) {
      response.end().onFailure(this::left);
    }
  }
}
