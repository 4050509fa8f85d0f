package dev.pgmedic.api;

import dev.pgmedic.event.Cursor;
import dev.pgmedic.event.Event;
import dev.pgmedic.event.EventType;
import dev.pgmedic.store.EventLog;
import io.vertx.core.AsyncResult;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader of the event stream. Reads on only when the reader has taken what was sent, so that a
 * slow one costs no memory: it is behind, not buffered.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
 *     events</a>
 */
final class EventStream {

  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
  private static final int BATCH = 100;

  private final HttpServerResponse response;
  private final EventLog log;
  private final Filter filter;
  private final boolean stale;
  private Cursor sent;
  private boolean reading;
  private boolean again;

  EventStream(HttpServerResponse response, EventLog log, Filter filter, Start start) {
    this.response = response;
    this.log = log;
    this.filter = filter;
    this.sent = start.cursor();
    this.stale = start.stale();
  }

  /**
   * What a reader wants.
   *
   * @param target only of this target
   * @param type only of this type
   */
  record Filter(Optional<String> target, Optional<EventType> type) {
    boolean wants(Event event) {
      return target.map(event.target()::equals).orElse(true)
          && type.map(wanted -> wanted == event.type()).orElse(true);
    }
  }

  /**
   * Where a stream starts.
   *
   * @param cursor the last event that the reader has
   * @param stale whether the reader's own cursor could not be followed
   */
  record Start(Cursor cursor, boolean stale) {}

  void begin() {
    response
        .setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("X-Accel-Buffering", "no");
    write(stale ? "event: stale\nid: " + sent + "\ndata: {}\n\n" : "id: " + sent + "\n\n");
    look();
  }

  /**
   * A frame with an id alone: the cursor of a filtered reader moves, and a dead connection is
   * noticed.
   */
  void heartbeat() {
    if (!response.writeQueueFull()) {
      write("id: " + sent + "\n\n");
    }
    look();
  }

  /** Sends what is new. */
  void look() {
    if (response.closed() || response.ended()) {
      return;
    }
    if (reading) {
      again = true;
      return;
    }
    if (response.writeQueueFull()) {
      response.drainHandler(drained -> look());
      return;
    }
    reading = true;
    again = false;
    log.read(sent, Optional.empty(), Optional.empty(), BATCH).onComplete(this::taken);
  }

  private void taken(AsyncResult<List<Event>> read) {
    reading = false;
    if (read.failed()) {
      LOG.atWarn().setCause(read.cause()).log("A stream waits for the store; it goes on by itself");
      return;
    }
    read.result().forEach(this::send);
    if (again || read.result().size() == BATCH) {
      look();
    }
  }

  private void send(Event event) {
    sent = event.cursor();
    if (filter.wants(event)) {
      write(
          "id: "
              + sent
              + "\nevent: "
              + event.type()
              + "\ndata: "
              + event.toCloudEvent().encode()
              + "\n\n");
    }
  }

  private void write(String frame) {
    if (!response.closed() && !response.ended()) {
      response.write(frame).onFailure(gone -> LOG.atDebug().log("a reader of the stream left"));
    }
  }

  void end() {
    if (!response.closed() && !response.ended()) {
      response.end().onFailure(gone -> LOG.atDebug().log("a reader of the stream left"));
    }
  }
}
