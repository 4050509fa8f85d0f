package dev.pgmedic.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.event.Cursor;
import dev.pgmedic.event.Event;
import dev.pgmedic.event.EventFilter;
import dev.pgmedic.event.EventType;
import dev.pgmedic.event.NewEvent;
import dev.pgmedic.store.Store.Change;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The log has no gap that fills later: a reader with a cursor misses nothing. */
@Timeout(90)
class EventOrderTest {

  private static final int WRITERS = 20;
  private static final int EACH = 15;

  private final Vertx vertx = Vertx.vertx();
  private final Store store = Store.open(vertx, TestDatabases.fresh()).await();

  @AfterEach
  void close() {
    store.close().await();
    vertx.close().await();
  }

  private Future<Void> write(int writer, int left) {
    if (left == 0) {
      return Future.succeededFuture();
    }
    JsonObject data = new JsonObject().put("writer", writer).put("left", left);
    NewEvent event = new NewEvent(EventType.ISSUE_UPDATED, "t", "s", data);
    return store
        .change(tx ->
            tx.query("SELECT pg_sleep(random() * 0.005)")
                .execute()
                .map(slept -> Change.telling(List.of(event, event))))
        .compose(written -> write(writer, left - 1));
  }

  private Future<Void> follow(List<Event> seen, Cursor after) {
    return store
        .events()
        .read(after, EventFilter.ALL, 50)
        .map(EventLog.Reading::events)
        .compose(events -> {
          seen.addAll(events);
          Cursor next = events.isEmpty() ? after : events.get(events.size() - 1).cursor();
          return seen.size() == WRITERS * EACH * 2 ? Future.succeededFuture() : follow(seen, next);
        });
  }

  @Test
  void aReaderSeesEveryEventOnceAndInOrderWhileTwentyWrite() {
    // Given
    List<Event> seen = new ArrayList<>();
    Future<Void> reading = follow(seen, store.events().bounds().await().oldest());

    // When
    Future.all(IntStream.range(0, WRITERS).mapToObj(writer -> write(writer, EACH)).toList())
        .await();
    reading.await();

    // Then
    assertThat(seen.stream().map(event -> event.cursor().sequence()).toList())
        .isEqualTo(LongStream.rangeClosed(1, WRITERS * EACH * 2).boxed().toList());
  }

  @Test
  void aCursorOfAnotherLogIsNotReached() {
    // Given
    EventLog.Bounds bounds = store.events().bounds().await();

    // When
    boolean own = bounds.reaches(bounds.newest());
    boolean other = bounds.reaches(new Cursor("00000000", 0));
    boolean ahead = bounds.reaches(new Cursor(bounds.newest().epoch(), 99));

    // Then
    assertThat(List.of(own, other, ahead)).containsExactly(true, false, false);
  }
}
