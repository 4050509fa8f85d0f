package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.api.Frames.Frame;
import dev.pgmedic.event.Cursor;
import dev.pgmedic.event.Event;
import dev.pgmedic.event.EventFilter;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.store.Issues;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever reads the stream and comes back with the last id that it saw misses nothing. */
@Timeout(90)
class EventStreamTest {

  private static final int WRITERS = 20;
  private static final int EACH = 10;

  private final Target shop = Target.of("shop", TestDatabases.fresh());
  private final Target farm = Target.of("farm", TestDatabases.fresh());
  private final Service service =
      new Service(Service.Setup.of(shop, farm).withHeartbeat(Duration.ofMillis(200)));

  @AfterEach
  void close() {
    service.close();
  }

  // Two events: health.changed, and issue.opened or issue.updated.
  private Future<?> write(Target target, String message) {
    return new Issues(service.store())
        .record(target, BrokenShop.found(target, IssueCode.DATA_LOST, "public.a", message));
  }

  private List<Event> log() {
    Cursor oldest = service.store().events().bounds().await().oldest();
    return service.store().events().read(oldest, EventFilter.ALL, 10_000).await().events();
  }

  private static Call events(String query) {
    return Call.get("/api/events" + query);
  }

  private List<String> ids(Call call, int count) throws InterruptedException {
    try (Frames frames = Frames.open(service, call)) {
      List<String> ids = new ArrayList<>();
      while (ids.size() < count) {
        ids.add(frames.nextEvent().id());
      }
      return ids;
    }
  }

  @Test
  void aFrameHasAnIdATypeAndTheCloudEventInOneLine() throws InterruptedException {
    // Given
    write(shop, "line one\nline two\r\n\nevent: forged\u2028").await();
    Event first = log().get(0);

    // When
    try (Frames frames = Frames.open(service, events("?after=beginning"))) {
      Frame start = frames.next();
      Frame frame = frames.next();

      // Then
      assertThat(frames.response().getHeader("Content-Type")).isEqualTo("text/event-stream");
      assertThat(frames.response().getHeader("Cache-Control")).isEqualTo("no-store");
      assertThat(start.lines()).containsExactly("id: " + first.cursor().epoch() + "-0");
      assertThat(frame.lines())
          .containsExactly(
              "id: " + first.cursor(),
              "event: health.changed",
              "data: " + first.toCloudEvent().encode());
      assertThat(frame.data().fieldNames())
          .contains("specversion", "id", "source", "type", "subject", "time", "data");
      assertThat(frames.nextEvent().event()).contains("issue.opened");
    }
  }

  @Test
  void aStreamWithoutACursorStartsNow() throws InterruptedException {
    // Given
    write(shop, "before").await();

    // When
    try (Frames frames = Frames.open(service, events(""))) {
      Frame start = frames.next();
      write(shop, "after").await();
      Frame event = frames.nextEvent();

      // Then
      assertThat(start.id()).endsWith("-2");
      assertThat(event.id()).endsWith("-3");
    }
  }

  @Test
  void aCursorGoesOnBehindItAndTheLastEventIdWins() throws InterruptedException {
    // Given
    write(shop, "one").await();
    write(shop, "two").await();
    List<String> all = log().stream().map(event -> event.cursor().toString()).toList();

    // When
    List<String> after = ids(events("?after=" + all.get(0)), 3);
    List<String> both = ids(events("?after=beginning").with("Last-Event-ID", all.get(2)), 1);
    List<String> empty = ids(events("?after=beginning").with("Last-Event-ID", ""), 4);

    // Then
    assertThat(after).isEqualTo(all.subList(1, 4));
    assertThat(both).isEqualTo(all.subList(3, 4));
    assertThat(empty).isEqualTo(all);
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000000-1", "EPOCH-999"})
  void aCursorThatCannotBeFollowedIsStaleOnceAndThenAllComes(String cursor)
      throws InterruptedException {
    // Given
    write(shop, "one").await();
    List<Event> all = log();
    String unknown = cursor.replace("EPOCH", all.get(0).cursor().epoch());

    // When
    try (Frames frames = Frames.open(service, events("").with("Last-Event-ID", unknown))) {
      Frame stale = frames.next();
      List<String> types = new ArrayList<>();
      types.add(frames.nextEvent().event().orElseThrow());
      types.add(frames.nextEvent().event().orElseThrow());

      // Then
      assertThat(stale.event()).contains("stale");
      assertThat(stale.data()).isEqualTo(new JsonObject());
      assertThat(types).containsExactly("health.changed", "issue.opened");
    }
  }

  @Test
  void aFilterLetsItsTargetAndTypePassAndTheCursorMovesOn() throws InterruptedException {
    // Given
    write(shop, "one").await();
    write(farm, "one").await();
    write(shop, "two").await();

    // When
    List<String> ofFarm = ids(events("?after=beginning&target=farm"), 2);
    List<String> opened = ids(events("?after=beginning&type=issue.opened"), 2);
    try (Frames frames = Frames.open(service, events("?after=beginning&target=none"))) {
      Frame beat = frames.next();
      while (!beat.id().endsWith("-6")) {
        beat = frames.next();
      }

      // Then
      assertThat(ofFarm).allMatch(id -> id.endsWith("-3") || id.endsWith("-4"));
      assertThat(opened).allMatch(id -> id.endsWith("-2") || id.endsWith("-4"));
      assertThat(beat.lines()).hasSize(1);
    }
  }

  @Test
  void aPageIsFilteredAndContinues() {
    // Given
    write(shop, "one").await();
    write(farm, "one").await();
    write(shop, "two").await();

    // When
    Call page = events("?target=shop&limit=3").with("Accept", "application/json");
    JsonObject first = service.send(page).json();
    String next = first.getString("next_after");
    JsonObject second =
        service
            .send(events("?target=shop&limit=3&after=" + next).with("Accept", "application/json"))
            .json();

    // Then
    assertThat(first.getJsonArray("items")).hasSize(3);
    assertThat(second.getJsonArray("items")).hasSize(1);
    assertThat(second.getJsonArray("items").getJsonObject(0).getString("type"))
        .isEqualTo("dev.pgmedic.issue.updated");
    assertThat(second.getString("next_after")).isNull();
  }

  @Test
  void aPageHasTheSameCloudEventsAsTheStream() {
    // Given
    write(shop, "one").await();
    Event first = log().get(0);

    // When
    JsonObject page = service.send(events("?limit=1").with("Accept", "application/json")).json();

    // Then
    assertThat(page.getJsonArray("items").getJsonObject(0)).isEqualTo(first.toCloudEvent());
  }

  @Test
  void severalTargetsAndTypesMayBeNamed() {
    // Given
    write(shop, "one").await();
    write(farm, "one").await();

    // When
    Call both = events("?target=shop,farm&type=issue.opened,issue.resolved");
    JsonObject page = service.send(both.with("Accept", "application/json")).json();
    Reply none = service.send(events("?type=issue.eaten").with("Accept", "application/json"));

    // Then
    assertThat(page.getJsonArray("items")).hasSize(2);
    assertThat(none.problem(400)).isEqualTo("bad-request");
  }

  @Test
  void aPageSaysWhereToReadOnAlsoBehindWhatTheFilterKeptBack() {
    // Given
    write(shop, "one").await();
    String newest = log().get(1).cursor().toString();

    // When
    Call json = events("?target=none").with("Accept", "application/json");
    JsonObject page = service.send(json).json();
    JsonObject now = service.send(events("?after=now").with("Accept", "application/json")).json();
    JsonObject stale =
        service.send(events("?after=00000000-7").with("Accept", "application/json")).json();

    // Then
    assertThat(page.fieldNames()).containsExactly("items", "next_after", "cursor", "stale");
    assertThat(page.getString("cursor")).isEqualTo(newest);
    assertThat(page.getBoolean("stale")).isFalse();
    assertThat(now.getJsonArray("items")).isEmpty();
    assertThat(now.getString("cursor")).isEqualTo(newest);
    assertThat(stale.getBoolean("stale")).isTrue();
    assertThat(stale.getJsonArray("items")).hasSize(2);
  }

  @Test
  void aReaderOfALogThatBeginsAnewIsToldInTheMiddle() throws InterruptedException {
    // Given: the table is another one, as after a restore
    write(shop, "one").await();
    try (Frames frames = Frames.open(service, events("?after=beginning"))) {
      frames.nextEvent();
      String before = frames.nextEvent().id();

      // When
      TestDatabases.run(
          service.storeUrl(),
          "CREATE TABLE pgmedic.other (LIKE pgmedic.event INCLUDING ALL)",
          "INSERT INTO pgmedic.other SELECT * FROM pgmedic.event WHERE sequence = 1",
          "DROP TABLE pgmedic.event CASCADE",
          "ALTER TABLE pgmedic.other RENAME TO event",
          "UPDATE pgmedic.event_head SET last = 1");
      Frame stale = frames.nextEvent();
      Frame first = frames.nextEvent();

      // Then
      assertThat(stale.event()).contains("stale");
      assertThat(first.event()).contains("health.changed");
      assertThat(first.id()).endsWith("-1").isNotEqualTo(before.substring(0, 8) + "-1");
    }
  }

  private Future<?> writeMany(Target target, int left) {
    return left == 0
        ? Future.succeededFuture()
        : write(target, "message " + left).compose(done -> writeMany(target, left - 1));
  }

  @Test
  void nothingIsSkippedOrRepeatedWhileTwentyWriteAndTheReaderComesBack()
      throws InterruptedException {
    // Given
    List<String> seen = new ArrayList<>();
    int total = WRITERS * EACH * 2;

    // When
    Future<?> writing =
        Future.all(
            IntStream.range(0, WRITERS)
                .mapToObj(i -> writeMany(Target.of("t" + i, shop.url()), EACH))
                .toList());
    Call call = events("?after=beginning");
    while (seen.size() < total) {
      try (Frames frames = Frames.open(service, call)) {
        for (int i = 0; i < 37 && seen.size() < total; i++) {
          seen.add(frames.nextEvent().id());
        }
      }
      call = events("?after=beginning").with("Last-Event-ID", seen.get(seen.size() - 1));
    }
    writing.await();

    // Then
    assertThat(seen).isEqualTo(log().stream().map(event -> event.cursor().toString()).toList());
    assertThat(seen).hasSize(total);
  }

  @Test
  void stoppingEndsEveryStream() throws InterruptedException {
    // Given
    try (Frames one = Frames.open(service, events(""));
        Frames other = Frames.open(service, events("?after=beginning"))) {
      one.next();
      other.next();

      // When
      service.stop();

      // Then
      assertThat(one.ends()).isTrue();
      assertThat(other.ends()).isTrue();
    }
  }
}
