package dev.pgmedic.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.event.Cursor;
import dev.pgmedic.event.Event;
import dev.pgmedic.event.EventFilter;
import dev.pgmedic.event.EventType;
import dev.pgmedic.event.NewEvent;
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

@Timeout(180)
class EventLogTest {

  private final Vertx vertx = Vertx.vertx();
  private final dev.pgmedic.target.PostgresUrl url = TestDatabases.fresh();
  private final Store store = Store.open(vertx, url).await();
  private final EventLog log = store.events();

  @AfterEach
  void close() {
    store.close().await();
    vertx.close().await();
  }

  @Test
  void numbersHaveNoGapsAndFollowTheCommitsOfManyWriters() {
    // Given
    Cursor start = log.bounds().await().newest();
    List<Long> read = new ArrayList<>();

    // When
    List<Future<Void>> writers =
        IntStream.range(0, 20).mapToObj(writer -> write(writer, 10)).toList();
    Future<Void> reader = follow(start, read, 200);
    Future.all(writers).await();
    reader.await();

    // Then
    assertThat(read)
        .containsExactlyElementsOf(
            LongStream.rangeClosed(start.sequence() + 1, start.sequence() + 200).boxed().toList());
  }

  @Test
  void aChangeThatIsRolledBackUsesNoNumber() {
    // Given
    write(1, 1).await();
    long before = log.bounds().await().newest().sequence();
    Future<Void> failing =
        store.<Void>change(tx ->
            tx.query("SELECT 1")
                .execute()
                .map(ran -> Store.Change.telling(List.of(event("x".repeat(10)), broken()))));
    Future.join(List.of(failing)).otherwiseEmpty().await();

    // When
    write(2, 1).await();

    // Then
    assertThat(failing.failed()).isTrue();
    assertThat(log.bounds().await().newest().sequence()).isEqualTo(before + 1);
  }

  @Test
  void aPageIsFilteredAndBounded() {
    // Given
    write(1, 3).await();
    Cursor beginning = new Cursor(log.bounds().await().newest().epoch(), 0);

    // When
    List<Event> none = log.read(beginning, EventFilter.parse("other", ""), 10).await().events();

    // Then
    assertThat(none).isEmpty();
    assertThat(log.read(beginning, EventFilter.parse("t1,t2", ""), 2).await().events()).hasSize(2);
    assertThat(log.read(beginning, EventFilter.parse("", "task.failed"), 10).await().events())
        .isEmpty();
  }

  @Test
  void aCursorIsReachedOnlyInsideTheLog() {
    // Given
    write(1, 5).await();
    TestDatabases.run(url, "DELETE FROM pgmedic.event WHERE sequence <= 2");

    // When
    EventLog.Bounds bounds = log.bounds().await();

    // Then
    String epoch = bounds.newest().epoch();
    assertThat(bounds.oldest()).isEqualTo(new Cursor(epoch, 2));
    assertThat(bounds.newest()).isEqualTo(new Cursor(epoch, 5));
    assertThat(bounds.reaches(new Cursor(epoch, 2))).isTrue();
    assertThat(bounds.reaches(new Cursor(epoch, 5))).isTrue();
    assertThat(bounds.reaches(new Cursor(epoch, 1))).isFalse();
    assertThat(bounds.reaches(new Cursor(epoch, 6))).isFalse();
    assertThat(bounds.reaches(new Cursor("00000000", 3))).isFalse();
  }

  @Test
  void theEpochStaysWithTheStoreAndAnotherStoreHasAnother() {
    // Given
    String epoch = log.bounds().await().newest().epoch();

    // When
    Store again = Store.open(vertx, url).await();

    // Then
    Store other = Store.open(vertx, TestDatabases.fresh()).await();
    assertThat(again.events().bounds().await().newest().epoch()).isEqualTo(epoch);
    assertThat(other.events().bounds().await().newest().epoch()).isNotEqualTo(epoch);
    again.close().await();
    other.close().await();
  }

  private Future<Void> write(int writer, int times) {
    Future<Void> done = Future.succeededFuture();
    for (int i = 0; i < times; i++) {
      done =
          done.compose(before ->
              store.change(tx ->
                  tx.query("SELECT pg_sleep(random() / 500)")
                      .execute()
                      .map(slept -> Store.Change.telling(List.of(event("t" + writer))))));
    }
    return done;
  }

  // Reads as a stream does: whatever is seen is never looked for again.
  private Future<Void> follow(Cursor after, List<Long> read, int wanted) {
    return log.read(after, EventFilter.ALL, 7)
        .map(EventLog.Reading::events)
        .compose(events -> {
          events.forEach(event -> read.add(event.cursor().sequence()));
          Cursor last = events.isEmpty() ? after : events.get(events.size() - 1).cursor();
          return read.size() >= wanted
              ? Future.succeededFuture()
              : vertx.timer(1).compose(waited -> follow(last, read, wanted));
        });
  }

  private static NewEvent event(String target) {
    return new NewEvent(EventType.HEALTH_CHANGED, target, target, new JsonObject().put("a", 1));
  }

  private static NewEvent broken() {
    return new NewEvent(EventType.HEALTH_CHANGED, "a\u0000b", "x", new JsonObject());
  }
}
