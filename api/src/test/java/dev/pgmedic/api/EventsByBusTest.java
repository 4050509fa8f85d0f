package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.event.Addresses;
import dev.pgmedic.event.Cursor;
import dev.pgmedic.event.Event;
import dev.pgmedic.event.EventFilter;
import dev.pgmedic.event.EventType;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.store.Issues;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stream has the next event from the bus, without asking the store, and believes it no more. */
@Timeout(90)
class EventsByBusTest {

  private final Target shop = Target.of("shop", TestDatabases.fresh());
  private final Service service = Service.of(shop);

  @AfterEach
  void close() {
    service.close();
  }

  // Two events: health.changed, and issue.opened or issue.updated.
  private void write(String message) {
    new Issues(service.store())
        .record(shop, BrokenShop.found(shop, IssueCode.DATA_LOST, "public.a", message))
        .await();
  }

  private Cursor newest() {
    return service.store().events().bounds().await().newest();
  }

  private List<String> log() {
    Cursor oldest = service.store().events().bounds().await().oldest();
    return service.store().events().read(oldest, EventFilter.ALL, 100).await().events().stream()
        .map(event -> event.cursor().toString())
        .toList();
  }

  private void tell(Cursor cursor) {
    Event event =
        new Event(
            cursor, EventType.HEALTH_CHANGED, "shop", "shop", Instant.now(), new JsonObject());
    service.vertx().eventBus().publish(Addresses.EVENTS, event.toCloudEvent());
  }

  @Test
  void theNextIsSentWhileTheStoreIsBusy() throws InterruptedException, SQLException {
    // Given: a stream that follows what the node has read
    try (Frames frames = Frames.open(service, Call.get("/api/events"));
        Connection busy = TestDatabases.connect(service.storeUrl());
        Statement lock = busy.createStatement()) {
      for (String message : List.of("one", "two")) {
        write(message);
        frames.nextEvent();
        frames.nextEvent();
      }
      Cursor last = newest();
      Cursor next = new Cursor(last.epoch(), last.sequence() + 1);
      busy.setAutoCommit(false);
      lock.execute("LOCK TABLE pgmedic.event");

      // When
      tell(next);

      // Then
      assertThat(frames.nextEvent().id()).isEqualTo(next.toString());
    }
  }

  @Test
  void whatIsRepeatedOrMadeUpIsNotSent() throws InterruptedException {
    // Given
    write("one");
    Cursor last = newest();
    List<String> seen = new ArrayList<>();
    try (Frames frames = Frames.open(service, Call.get("/api/events?after=beginning"))) {
      seen.add(frames.nextEvent().id());
      seen.add(frames.nextEvent().id());

      // When
      tell(last);
      tell(new Cursor(last.epoch(), last.sequence() + 7));
      tell(new Cursor("00000000", last.sequence() + 1));
      service.vertx().eventBus().publish(Addresses.EVENTS, new JsonObject());
      write("two");
      while (seen.size() < 4) {
        seen.add(frames.nextEvent().id());
      }
    }

    // Then
    assertThat(seen).isEqualTo(log());
  }
}
