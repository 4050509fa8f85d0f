package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.event.EventFilter;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.store.EventLog;
import dev.pgmedic.store.Issues;
import dev.pgmedic.store.Store;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.Sample;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Twenty write, fifty read, leave and come back at random: all get all, once and in order. */
@Timeout(180)
class ManyReadersTest {

  private static final int WRITERS = 20;
  private static final int EACH = 8;
  private static final int READERS = 50;
  private static final int TOTAL = WRITERS * EACH * 2;

  // Before the events are appended, and between their numbers and the commit, where a log that is
  // not
  // locked loses events. How long, the seed says.
  private static final String[] DELAYS = {
    """
    CREATE FUNCTION pgmedic.dawdle() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      changed jsonb = to_jsonb(NEW);
      what text = concat_ws(' ', changed->>'target', changed->>'message', changed->>'sequence',
                            '%d');
    BEGIN
      PERFORM pg_sleep(abs(hashtext(what) %% 1000) * TG_ARGV[0]::float / 1e6);
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER dawdle BEFORE INSERT OR UPDATE ON pgmedic.issue
      FOR EACH ROW EXECUTE FUNCTION pgmedic.dawdle(40)
    """,
    """
    CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON pgmedic.event DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION pgmedic.dawdle(4)
    """
  };

  private final PostgresUrl url = TestDatabases.fresh();

  private static String[] delays(long seed) {
    return Stream.of(DELAYS).map(statement -> statement.formatted(seed)).toArray(String[]::new);
  }

  /** Each writer is a node of its own, which has its own connection to the store. */
  private List<Store> writers(Service service) {
    List<Future<Store>> opening =
        IntStream.range(0, WRITERS).mapToObj(i -> Store.open(service.vertx(), url)).toList();
    Future.all(opening).await();
    return opening.stream().map(Future::result).toList();
  }

  private static Future<?> write(Store store, Target target, int left) {
    return left == 0
        ? Future.succeededFuture()
        : new Issues(store)
            .record(
                target,
                BrokenShop.found(target, IssueCode.DATA_LOST, "public.a", "message " + left))
            .compose(done -> write(store, target, left - 1));
  }

  private static List<String> read(Service service, Random random) throws InterruptedException {
    List<String> ids = new ArrayList<>();
    Call call = Call.get("/api/events?after=beginning");
    while (ids.size() < TOTAL) {
      int stay = 1 + random.nextInt(TOTAL / 3);
      try (Frames frames = Frames.open(service, call)) {
        for (int i = 0; i < stay && ids.size() < TOTAL; i++) {
          ids.add(frames.nextEvent().id());
        }
      }
      call = Call.get("/api/events").with("Last-Event-ID", ids.get(ids.size() - 1));
    }
    return ids;
  }

  @Test
  void everyReaderGetsEveryEventOnceAndInOrder() throws InterruptedException, ExecutionException {
    // Given
    long seed = Sample.seed();
    Service.Setup setup =
        Service.Setup.of(Target.of("shop", TestDatabases.fresh()))
            .withStore(url)
            .withHeartbeat(Duration.ofSeconds(1));
    try (Service service = new Service(setup);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Store> writers = writers(service);
      TestDatabases.run(url, delays(seed));

      // When
      List<java.util.concurrent.Future<List<String>>> readers =
          IntStream.range(0, READERS)
              .mapToObj(reader -> threads.submit(() -> read(service, new Random(seed + reader))))
              .toList();
      Future.all(
              IntStream.range(0, WRITERS)
                  .mapToObj(i -> write(writers.get(i), Target.of("t" + i, url), EACH))
                  .toList())
          .await();
      List<List<String>> seen = new ArrayList<>();
      for (java.util.concurrent.Future<List<String>> reader : readers) {
        seen.add(reader.get());
      }

      // Then
      EventLog log = service.store().events();
      List<String> all =
          log.read(log.bounds().await().oldest(), EventFilter.ALL, 10_000).await().events().stream()
              .map(event -> event.cursor().toString())
              .toList();
      assertThat(all).hasSize(TOTAL);
      assertThat(seen).hasSize(READERS).allSatisfy(ids -> assertThat(ids).isEqualTo(all));
    }
  }
}
