package dev.pgmedic.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.catalog.CatalogObject;
import dev.pgmedic.check.HealthReport;
import dev.pgmedic.check.Observation;
import dev.pgmedic.store.Reports;
import dev.pgmedic.store.Store;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node remembers its targets, and nothing of their tables: memory grows with the number of
 * targets and not with their size.
 */
@Timeout(300)
class RememberedTargetsTest {

  private static final Logger LOG = LoggerFactory.getLogger(RememberedTargetsTest.class);

  private static final boolean EXHAUSTIVE = Boolean.getBoolean("pgmedic.exhaustive");
  private static final int TABLES = EXHAUSTIVE ? 5_000 : 500;
  private static final int FEW = 20;
  private static final int A_TRANSACTION = 500;

  // Its object in a catalog alone, without its columns, has more.
  private static final long A_TABLE = 200;
  private static final Duration EVERY = Duration.ofMillis(300);
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Vertx vertx = Vertx.vertx();
  private final Store store = Store.open(vertx, TestDatabases.fresh()).await();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private static PostgresUrl database(int tables) {
    PostgresUrl url = TestDatabases.fresh();
    for (int from = 1; from <= tables; from += A_TRANSACTION) {
      TestDatabases.run(
          url,
          "DO $$ BEGIN FOR i IN %d..%d LOOP EXECUTE format("
                  .formatted(from, Math.min(tables, from + A_TRANSACTION - 1))
              + "'CREATE TABLE t_%s (id int PRIMARY KEY, note text DEFAULT ''x'')', i);"
              + " END LOOP; END $$");
    }
    TestDatabases.run(url, "ANALYZE"); // as autovacuum does within a minute
    return url;
  }

  private static Target target(PostgresUrl url) {
    Target all = Target.of(url.database(), url);
    return new Target(
        all.name(),
        url,
        Map.of(),
        all.migrations(),
        all.expect(),
        all.recovery(),
        EVERY,
        all.deadlines());
  }

  private String monitored(Target target) {
    return vertx
        .deployVerticle(
            new MonitorVerticle(store, List.of(target), Checks.LOCK_PAUSE, Optional.empty()))
        .await();
  }

  private HealthReport report(Target target) {
    return new Reports(store).read(target.name()).await();
  }

  /** Waits until the target has its known-good, and nothing of its schema is in memory. */
  private void remembered(Target target) {
    await().atMost(LIMIT).until(() -> report(target).knownGood().isPresent());
    await().atMost(LIMIT).pollInterval(PAUSE).until(() -> alive(CatalogObject.class) == 0);
  }

  /** How many objects of a class something still holds, after a full collection. */
  private static long alive(Class<?> type) {
    return histogram()
        .lines()
        .map(line -> line.strip().split("\\s+", -1))
        .filter(words -> words.length > 3 && words[3].equals(type.getName()))
        .mapToLong(words -> Long.parseLong(words[1]))
        .sum();
  }

  private static String histogram() {
    try {
      return String.valueOf(
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcClassHistogram",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()}));
    } catch (JMException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The size of all that something still holds; the last line has it. */
  private static long heapBytes() {
    String total =
        histogram().lines().filter(line -> line.startsWith("Total")).findFirst().orElse("");
    return Long.parseLong(total.strip().split("\\s+", -1)[2]);
  }

  @Test
  void whatIsInMemoryIsCounted() {
    // Given
    Observation seen = new Checks(vertx).run(database(FEW)).observation().orElseThrow();

    // When
    long alive = alive(CatalogObject.class);

    // Then
    assertThat(alive).isGreaterThanOrEqualTo(seen.catalog().objects().size());
  }

  @Test
  void nothingOfALargeSchemaStaysInMemoryBetweenItsChecks() {
    // Given
    Target small = target(database(FEW));
    Target large = target(database(TABLES));

    // When
    String monitor = monitored(small);
    remembered(small);
    long few = heapBytes();
    vertx.undeploy(monitor).await();
    monitor = monitored(large);
    remembered(large);
    if (EXHAUSTIVE) { // a check under way holds what it reads
      await()
          .atMost(LIMIT)
          .pollInterval(PAUSE)
          .untilAsserted(() -> assertThat(heapBytes() - few).isLessThan(TABLES * A_TABLE));
    }
    long many = heapBytes();
    vertx.undeploy(monitor).await();

    // Then
    LOG.info("heap: {} with {} tables, {} with {}", few, FEW, many, TABLES);
    assertThat(report(large).tablesPresent()).isEqualTo(TABLES);
  }
}
