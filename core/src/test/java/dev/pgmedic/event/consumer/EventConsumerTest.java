package dev.pgmedic.event.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.pgmedic.event.Addresses;
import dev.pgmedic.event.Cursor;
import dev.pgmedic.event.Event;
import dev.pgmedic.event.EventFilter;
import dev.pgmedic.event.EventType;
import dev.pgmedic.testing.Sample;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A bus that loses, repeats and mixes, and a log that is all there is to trust. */
@Timeout(90)
class EventConsumerTest {

  private static final int PAGE = 3;

  private final Vertx vertx = Vertx.vertx();
  private final List<Event> log = new CopyOnWriteArrayList<>();
  private final List<Event> handled = new CopyOnWriteArrayList<>();
  private final AtomicInteger broken = new AtomicInteger();
  private final AtomicInteger throwing = new AtomicInteger();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private static Event event(String epoch, long sequence) {
    return new Event(
        new Cursor(epoch, sequence),
        sequence % 2 == 0 ? EventType.ISSUE_OPENED : EventType.HEALTH_CHANGED,
        "shop",
        "shop",
        Instant.EPOCH,
        new JsonObject());
  }

  @CanIgnoreReturnValue
  private Event commit(long sequence) {
    Event event = event("aaaaaaaa", sequence);
    log.add(event);
    return event;
  }

  private void publish(Event event) {
    vertx
        .eventBus()
        .publish(
            Addresses.EVENTS,
            event.toCloudEvent(),
            new DeliveryOptions().addHeader(Addresses.HEADER_CURSOR, event.cursor().toString()));
  }

  // As a store does: of another epoch it holds all, behind a cursor the rest.
  private Future<EventHistory.Page> read(Optional<Cursor> cursor) {
    if (throwing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new IllegalStateException("the log is closed");
    }
    List<Event> log = List.copyOf(this.log); // somebody may be adding to it
    if (broken.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return Future.failedFuture("the log is not to be read");
    }
    String epoch = log.isEmpty() ? "aaaaaaaa" : log.get(0).cursor().epoch();
    Cursor end = new Cursor(epoch, log.size());
    if (cursor.isEmpty()) {
      return Future.succeededFuture(new EventHistory.Page(List.of(), end, false, false));
    }
    boolean stale = !cursor.get().epoch().equals(epoch);
    int from = stale ? 0 : (int) cursor.get().sequence();
    int to = Math.min(log.size(), from + PAGE);
    return Future.succeededFuture(
        new EventHistory.Page(
            log.subList(from, to), new Cursor(epoch, to), stale, to < log.size()));
  }

  private EventConsumer consumer() {
    return EventConsumer.of(vertx, this::read);
  }

  private Future<?> take(Event event) {
    handled.add(event);
    return Future.succeededFuture();
  }

  private void untilHandled(int events) {
    await().atMost(Duration.ofSeconds(60)).until(() -> handled.size() >= events);
  }

  @Test
  void startsWithWhatComesFromNowOn() {
    // Given
    commit(1);
    consumer().start(this::take).await();

    // When
    publish(commit(2));
    untilHandled(1);

    // Then
    assertThat(handled).isEqualTo(log.subList(1, 2));
  }

  @Test
  void goesOnBehindTheCursorThatTheServiceKept() {
    // Given
    LongStream.rangeClosed(1, 8).forEach(this::commit);

    // When
    consumer().after(new Cursor("aaaaaaaa", 3)).start(this::take).await();
    untilHandled(5);

    // Then
    assertThat(handled).isEqualTo(log.subList(3, 8));
  }

  @Test
  void aLogThatThrowsIsReadAgain() {
    // Given
    consumer().after(new Cursor("aaaaaaaa", 0)).start(this::take).await();
    throwing.set(1);

    // When
    LongStream.rangeClosed(1, 3).forEach(this::commit);
    publish(log.get(2));
    untilHandled(3);

    // Then
    assertThat(handled).isEqualTo(log);
  }

  @Test
  void everyEventIsHandledOnceAndInOrderWhateverTheBusDoes() {
    // Given
    long seed = Sample.seed();
    Random random = new Random(seed);
    consumer()
        .start(event ->
            random.nextInt(5) == 0 ? vertx.timer(1).compose(late -> take(event)) : take(event))
        .await();

    // When
    for (int i = 1; i <= 300; i++) {
      Event event = commit(i);
      for (int times = random.nextInt(3); times > 0; times--) {
        publish(event);
      }
      publish(log.get(random.nextInt(log.size())));
    }
    publish(log.get(299));
    untilHandled(300);

    // Then
    assertThat(handled).isEqualTo(log);
  }

  @Test
  void anEventThatCouldNotBeHandledIsHandledAgainBeforeTheNext() {
    // Given
    AtomicInteger failures = new AtomicInteger(2);
    consumer()
        .start(event -> {
          if (event.cursor().sequence() == 2 && failures.getAndDecrement() > 0) {
            throw new IllegalStateException("not now");
          }
          return take(event);
        })
        .await();

    // When
    publish(commit(1));
    publish(commit(2));
    publish(commit(3));
    untilHandled(3);

    // Then
    assertThat(handled).isEqualTo(log);
  }

  @Test
  void aLogThatIsDownIsReadOnceItIsBack() {
    // Given
    consumer().start(this::take).await();
    broken.set(2);
    commit(1);

    // When
    publish(commit(2));
    untilHandled(2);

    // Then
    assertThat(handled).isEqualTo(log);
  }

  @Test
  void aLogThatBeginsAnewIsToldAndReadFromItsBeginning() {
    // Given
    AtomicInteger told = new AtomicInteger();
    consumer().whenStale(told::incrementAndGet).start(this::take).await();
    publish(commit(1));
    publish(commit(2));
    untilHandled(2);
    List<Event> restored = List.of(event("bbbbbbbb", 1), event("bbbbbbbb", 2));
    log.clear();
    log.addAll(restored);

    // When: its number was seen already, in another log
    publish(restored.get(1));
    untilHandled(4);

    // Then
    assertThat(handled.subList(2, 4)).isEqualTo(restored);
    assertThat(told).hasValue(1);
  }

  @Test
  void whatIsNotWantedIsPassedOver() {
    // Given
    consumer().wanting(EventFilter.parse("shop", "issue.opened")).start(this::take).await();

    // When
    LongStream.rangeClosed(1, 6).forEach(i -> publish(commit(i)));
    untilHandled(3);

    // Then
    assertThat(handled).extracting(event -> event.cursor().sequence()).containsExactly(2L, 4L, 6L);
  }

  @Test
  void aConsumerThatWasStoppedGetsNothingMore() {
    // Given
    EventConsumer stopped = consumer();
    stopped.start(this::take).await();
    publish(commit(1));
    untilHandled(1);

    // When
    stopped.stop().await();
    AtomicInteger others = new AtomicInteger();
    consumer().start(event -> Future.succeededFuture(others.incrementAndGet())).await();
    publish(commit(2));
    await().until(() -> others.get() == 1);

    // Then
    assertThat(handled).hasSize(1);
  }

  @Test
  void aLogThatCannotBeReadAtTheBeginningFailsTheStartAndLeavesNothingOnTheBus() {
    // Given
    broken.set(1);

    // When
    Future<Void> started = consumer().start(this::take);
    Future.join(List.of(started)).otherwiseEmpty().await();

    // Then
    assertThat(started.failed()).isTrue();
    assertThatExceptionOfType(ReplyException.class)
        .isThrownBy(() -> vertx.eventBus().request(Addresses.EVENTS, new JsonObject()).await())
        .returns(ReplyFailure.NO_HANDLERS, ReplyException::failureType);
  }
}
