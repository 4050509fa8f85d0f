package dev.pgmedic.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.event.Cursor;
import dev.pgmedic.event.EventFilter;
import dev.pgmedic.event.EventType;
import dev.pgmedic.event.NewEvent;
import dev.pgmedic.store.EventLog.Reading;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The log begins later from day to day, and whoever asks for what is gone is told so. */
@Timeout(90)
class EventRetentionTest {

  private static final String AGED =
      "UPDATE pgmedic.event SET at = at - interval '30 days 1 minute' WHERE sequence ";

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();
  private final Store store = Store.open(vertx, url).await();

  @AfterEach
  void close() {
    store.close().await();
    vertx.close().await();
  }

  private void write(int events) {
    NewEvent event = new NewEvent(EventType.HEALTH_CHANGED, "t", "t", new JsonObject());
    store
        .<Void>change(
            tx -> Future.succeededFuture(Store.Change.telling(Collections.nCopies(events, event))))
        .await();
  }

  private List<String> kept() {
    return TestDatabases.query(url, "SELECT sequence FROM pgmedic.event ORDER BY 1");
  }

  @Test
  void onlyTheOldestThatAreOverdueAreDeletedBatchByBatch() {
    // Given: one that is old by a clock that jumped lies behind one that is not
    write(10);
    TestDatabases.run(url, AGED + "<= 7", AGED + "= 9");

    // When
    int deleted = new EventRetention(store, UUID.randomUUID(), 3).run().await();

    // Then
    assertThat(deleted).isEqualTo(7);
    assertThat(kept()).containsExactly("8", "9", "10");
  }

  @Test
  void oneNodeDoesItAtATime() {
    // Given
    write(3);
    EventRetention busy = new EventRetention(store, UUID.randomUUID());
    int nothing = busy.run().await();
    TestDatabases.run(url, AGED + "<= 3");

    // When
    int other = new EventRetention(store, UUID.randomUUID()).run().await();
    TestDatabases.run(url, "UPDATE pgmedic.lease SET until = now() - interval '1 second'");
    int afterwards = new EventRetention(store, UUID.randomUUID()).run().await();

    // Then
    assertThat(List.of(nothing, other, afterwards)).containsExactly(0, 0, 3);
  }

  @Test
  void aCursorFromBeforeIsStaleAndGetsAllThatIsKept() {
    // Given
    write(5);
    Cursor second = new Cursor(store.events().bounds().await().newest().epoch(), 2);
    TestDatabases.run(url, AGED + "<= 3");
    assertThat(new EventRetention(store, UUID.randomUUID()).run().await()).isEqualTo(3);

    // When
    Reading read = store.events().read(second, EventFilter.ALL, 10).await();
    Reading again = store.events().read(read.reached(), EventFilter.ALL, 10).await();

    // Then
    assertThat(read.stale()).isTrue();
    assertThat(read.events())
        .extracting(event -> event.cursor().sequence())
        .containsExactly(4L, 5L);
    assertThat(again.stale()).isFalse();
    assertThat(again.events()).isEmpty();
  }

  @Test
  void aLogOfWhichNothingIsLeftGoesOnCounting() {
    // Given
    write(4);
    TestDatabases.run(url, AGED + "<= 4");
    assertThat(new EventRetention(store, UUID.randomUUID(), 2).run().await()).isEqualTo(4);

    // When
    write(1);
    Reading read =
        store.events().read(store.events().bounds().await().oldest(), EventFilter.ALL, 9).await();

    // Then
    assertThat(read.stale()).isFalse();
    assertThat(read.events()).extracting(event -> event.cursor().sequence()).containsExactly(5L);
  }
}
