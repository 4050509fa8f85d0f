package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.BlockedThreads;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A service that is killed in the middle of a recovery leaves a task that its next start ends. */
@Timeout(180)
class KilledServiceTest {

  private static final String TOKEN = "a-token-of-the-tests-alone";
  private static final Duration LONGER_THAN_A_RENEWAL = Duration.ofSeconds(10);
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private final PostgresUrl target = TestDatabases.fresh();
  private final PostgresUrl store = TestDatabases.fresh();
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
            .formatted(store.reveal(), TOKEN, target.reveal()));
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
      assertThat(sessions()).isEmpty();
    }
  }

  @Test
  void aServiceThatWasPausedPastItsLeaseFindsItsWorkDoneAndDoesNothing() throws Exception {
    // Given: every table that is made in the target, by whichever service
    TestDatabases.run(
        target,
        "CREATE SCHEMA trace",
        "CREATE TABLE trace.made (pid int, at timestamptz DEFAULT clock_timestamp())",
        "CREATE FUNCTION trace.made() RETURNS event_trigger LANGUAGE plpgsql AS"
            + " 'BEGIN INSERT INTO trace.made (pid) VALUES (pg_backend_pid()); END'",
        "CREATE EVENT TRIGGER made ON ddl_command_end WHEN TAG IN ('CREATE TABLE')"
            + " EXECUTE FUNCTION trace.made()");
    try (ServiceProcess paused = ServiceProcess.up(config, BlockedThreads.MAY_BE_PAUSED)) {
      String task;
      try (Connection other = TestDatabases.connect(target)) {
        other.setAutoCommit(false);
        task = broken(paused, other);
        paused.signal("STOP");
        TestDatabases.run(
            store, "UPDATE pgmedic.recovery_task SET lease_until = now() WHERE state = 'running'");
      }

      // When
      try (ServiceProcess second = ServiceProcess.up(config)) {
        Api api = second.api(TOKEN);
        JsonObject ended = api.ended(task);
        List<String> before = made();
        paused.signal("CONT");
        JsonObject alive = paused.api(TOKEN).health();

        // Then
        assertThat(ended.getString("state")).isEqualTo("succeeded");
        assertThat(alive.getString("target")).isEqualTo("shop");
        assertThat(before).hasSize(1);
        await()
            .during(LONGER_THAN_A_RENEWAL)
            .atMost(SOON)
            .until(() ->
                made().equals(before)
                    && sessions().isEmpty()
                    && api.get("/api/recovery-tasks/" + task).equals(ended));
      }
    }
  }

  private List<String> made() {
    return TestDatabases.query(target, "SELECT pid || ' ' || at FROM trace.made ORDER BY at");
  }

  private List<String> sessions() {
    return TestDatabases.query(
        target,
        "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'pgmedic/%'"
            + " AND datname = current_database()");
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
