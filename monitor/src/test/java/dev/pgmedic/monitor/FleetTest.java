package dev.pgmedic.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.store.Store;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class FleetTest {

  private static final int DATABASES = 24;
  private static final Duration EVERY = Duration.ofMillis(300);

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl kept = TestDatabases.fresh();
  private final PostgresUrl first = TestDatabases.fresh();
  private final Store store = Store.open(vertx, kept).await();

  @AfterEach
  void close() {
    vertx.close().await();
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

  private long sessions(List<Target> targets) {
    String names = String.join("', '", targets.stream().map(Target::name).toList());
    return Long.parseLong(
        TestDatabases.query(
                kept, "SELECT count(*) FROM pg_stat_activity WHERE datname IN ('" + names + "')")
            .get(0));
  }

  private long baselines() {
    return Long.parseLong(
        TestDatabases.query(kept, "SELECT count(*) FROM pgmedic.baseline").get(0));
  }

  @Test
  void aFleetThatIsSeenForTheFirstTimeLeavesItsServersConnectionsToOthers() {
    // Given
    TestDatabases.run(
        first,
        "DO $$ BEGIN FOR i IN 1..30 LOOP EXECUTE format('CREATE TABLE t_%s (id int PRIMARY KEY)',"
            + " i); END LOOP; END $$");
    List<Target> targets =
        IntStream.range(0, DATABASES)
            .mapToObj(number -> target(TestDatabases.copyOf(first)))
            .toList();

    // When
    String monitor =
        vertx
            .deployVerticle(
                new MonitorVerticle(store, targets, MigrationLock.LONGEST_PAUSE, Optional.empty()))
            .await();
    long most = 0;
    while (baselines() < DATABASES) {
      most = Math.max(most, sessions(targets));
    }
    vertx.undeploy(monitor).await();

    // Then
    assertThat(most).isBetween(1L, 2L * MonitorVerticle.ON_A_SERVER);
  }
}
