package dev.pgmedic.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PoolTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  // The socket's own limit is ten seconds more: whoever was handed the session then lost his query.
  @Test
  void aSessionThatIdlesIsEndedByThePoolBeforeItsSocketIs() {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    Vertx vertx = Vertx.vertx();
    Pool pool =
        Session.pool(vertx, url, new Session.Settings("pooled", SECOND, SECOND, SECOND, true), 2);

    // When
    pool.query("SELECT 1").execute().await();

    // Then
    assertThat(sessions(url)).hasSize(1);
    await().atMost(Duration.ofSeconds(40)).until(() -> sessions(url).isEmpty());
    assertThat(pool.query("SELECT 1").execute().await()).hasSize(1);
    pool.close().await();
    vertx.close().await();
  }

  private static List<String> sessions(PostgresUrl url) {
    return TestDatabases.query(
        url, "SELECT pid FROM pg_stat_activity WHERE application_name = 'pooled'");
  }
}
