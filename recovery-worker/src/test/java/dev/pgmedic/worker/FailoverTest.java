package dev.pgmedic.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.target.Target;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.testing.TcpProxy;
import dev.pgmedic.testing.TestDatabases;
import dev.pgmedic.testing.TestServer;
import dev.pgmedic.testing.TestStandby;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A target's URL that leads to a read-only standby all at once: it has the same system identifier
 * and the same database, so that nobody but a write can tell.
 */
@Timeout(180)
class FailoverTest {

  private static final Duration SOON = Duration.ofSeconds(60);

  private final RecoveryScene scene = new RecoveryScene();
  private TestServer primary;
  private TestStandby standby;
  private TcpProxy proxy;
  private Target target;
  private RecoveryTask task;

  @BeforeEach
  void approve() throws Exception {
    primary = TestServer.start();
    assumeThat(
            Integer.parseInt(TestDatabases.query(primary.url(), "SHOW server_version_num").get(0)))
        .as("a server whose files can be copied this way")
        .isGreaterThanOrEqualTo(150_000);
    proxy = TcpProxy.before(primary.url());
    target = RecoveryScene.target(proxy.url(), proxy.url());
    scene.broken(target);
    standby = TestStandby.of(primary.url());
    task = scene.approved(target);
  }

  @AfterEach
  void close() throws Exception {
    scene.close();
    if (standby != null) {
      standby.close();
    }
    if (proxy != null) {
      proxy.close();
    }
    primary.close();
  }

  @Test
  void aRecoveryOnAStandbyFailsAndDoesNothing() {
    // Given
    standby.follow();
    proxy.failsOverTo(standby.url());

    // When
    RecoveryTask ended = worked();

    // Then
    assertThat(ended.state().label()).as(ended.toString()).isEqualTo("failed");
    assertThat(ended.outcome().orElse("")).contains("read-only").contains("no step was done");
    assertIsHealedAfterwards(ended);
  }

  @Test
  void aFailoverInTheMiddleOfAStepFailsItInTimeAndDoesNothing() throws Exception {
    // Given
    RecoveryTask ended;
    try (Connection other = TestDatabases.connect(primary.url());
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN");
      statement.execute("LOCK TABLE orders IN ROW EXCLUSIVE MODE");
      String worker = scene.deploy(target);
      await().atMost(SOON).until(this::isBlocked);

      // When
      proxy.failsOverTo(standby.url());
      ended = scene.ended(task);
      scene.vertx().undeploy(worker).await();
    }

    // Then
    assertThat(ended.state().label()).as(ended.toString()).isEqualTo("failed");
    assertIsHealedAfterwards(ended);
  }

  private boolean isBlocked() {
    return TestDatabases.query(
            primary.url(),
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'orders'::regclass")
        .contains("1");
  }

  private RecoveryTask worked() {
    String worker = scene.deploy(target);
    RecoveryTask ended = scene.ended(task);
    scene.vertx().undeploy(worker).await();
    return ended;
  }

  private void assertIsHealedAfterwards(RecoveryTask ended) {
    RecoveryScene.assertInTime(ended);
    RecoveryScene.assertWhole(primary.url(), ended);
    RecoveryScene.assertNoSession(primary.url());
    proxy.failsOverTo(primary.url());
    scene.assertHealable(target);
  }
}
