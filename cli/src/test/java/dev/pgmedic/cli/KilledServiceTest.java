package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A service that is killed in the middle of a recovery leaves a task that its next start ends. */
@Timeout(180)
class KilledServiceTest {

  private static final String TOKEN = "a-token-of-the-tests-alone";
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private final PostgresUrl target = TestDatabases.fresh();
  private Path config;

  @BeforeEach
  void configure() throws Exception {
    TestDatabases.run(
        target,
        "CREATE TABLE users (id serial PRIMARY KEY)",
        "CREATE TABLE orders (id serial PRIMARY KEY, user_id int REFERENCES users)");
    config = folder.resolve("pgmedic.yaml");
    Files.writeString(
        config,
        """
        store: {url: "%s"}
        auth: {tokens: [{name: jarvis, role: approver, token: %s}]}
        targets:
          shop: {url: "%s", check_every: 300ms, recovery: {}}
        """
            .formatted(TestDatabases.fresh().reveal(), TOKEN, target.reveal()));
  }

  @Test
  void goesOnWithTheTaskOnItsNextStart() throws Exception {
    // Given: a step that waits for a lock of somebody else's, and so is surely running when the
    // kill comes
    String task;
    try (Connection other = TestDatabases.connect(target)) {
      other.setAutoCommit(false);
      try (ServiceProcess service = ServiceProcess.up(config)) {
        task = broken(service, other);

        // When
        service.kill();
      }
    }
    try (ServiceProcess service = ServiceProcess.up(config)) {
      Api api = service.api(TOKEN);
      JsonObject ended = api.ended(task);

      // Then
      assertThat(ended.getString("state")).isEqualTo("succeeded");
      // On a busy machine a report of 300 ms' interval is stale now and then.
      await().atMost(SOON).until(() -> api.health().getBoolean("healthy"));
      assertThat(api.eventTypes()).filteredOn("task.started"::equals).hasSize(2);
      assertThat(TestDatabases.query(target, "SELECT count(*) FROM orders")).containsExactly("0");
      assertThat(
              TestDatabases.query(
                  target,
                  "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'pgmedic/%'"))
          .isEmpty();
    }
  }

  private String broken(ServiceProcess service, Connection other) throws Exception {
    Api api = service.api(TOKEN);
    await().atMost(SOON).until(() -> api.eventTypes().contains("baseline.taken"));
    TestDatabases.run(target, "DROP TABLE orders");
    await().atMost(SOON).until(() -> api.proposed().isPresent());
    JsonObject task = api.proposed().orElseThrow();
    try (Statement lock = other.createStatement()) {
      lock.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE");
    }
    assertThat(api.approve(task, true).statusCode()).isEqualTo(200);
    await().atMost(SOON).until(() -> api.eventTypes().contains("step.started"));
    return task.getString("id");
  }
}
