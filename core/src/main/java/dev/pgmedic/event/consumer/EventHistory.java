package dev.pgmedic.event.consumer;

import dev.pgmedic.event.Cursor;
import dev.pgmedic.event.Event;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** The log of all events, as a consumer reads it. */
public interface EventHistory {

  /**
   * A part of the log.
   *
   * @param events oldest first
   * @param cursor where to read on
   * @param stale whether the cursor was not to be followed, so that this is what the log holds
   *     instead
   * @param more whether there is more to read already
   */
  record Page(List<Event> events, Cursor cursor, boolean stale, boolean more) {

    /** Copies the events. */
    public Page {
      events = List.copyOf(events);
    }
  }

  /**
   * The events behind a cursor; without one an empty page at the end of the log. Fails when the log
   * is not to be read.
   */
  Future<Page> after(Optional<Cursor> cursor);
}
