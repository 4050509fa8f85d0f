package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A database that breaks again, and looks to the byte as it did when it was broken before. */
@Timeout(240)
class RelapseTest {

  private static final String TOKEN = "a-token-of-the-tests-alone";
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private final PostgresUrl target = TestDatabases.fresh();

  @Test
  void whatBreaksAgainBeforeTheNextCheckIsFoundAgain() throws Exception {
    // Given
    TestDatabases.run(target, "CREATE TABLE users (id int)", "CREATE TABLE orders (id int)");
    Path config =
        Files.writeString(
            folder.resolve("pgmedic.yaml"),
            """
            store: {url: "%s"}
            auth: {tokens: [{name: jarvis, role: approver, token: %s}]}
            targets:
              shop: {url: "%s", check_every: 3s, recovery: {}}
            """
                .formatted(TestDatabases.fresh().reveal(), TOKEN, target.reveal()));
    try (ServiceProcess service = ServiceProcess.up(config)) {
      Api api = service.api(TOKEN);
      await().atMost(SOON).until(() -> api.eventTypes().contains("baseline.taken"));
      TestDatabases.run(target, "DROP TABLE orders");
      await().atMost(SOON).until(() -> api.proposed().isPresent());
      JsonObject task = api.proposed().orElseThrow();
      assertThat(api.approve(task, true).statusCode()).isEqualTo(200);
      assertThat(api.ended(task.getString("id")).getString("state")).isEqualTo("succeeded");

      // When
      TestDatabases.run(target, "DROP TABLE orders");

      // Then
      await().atMost(SOON).until(() -> api.proposed().isPresent());
      assertThat(api.proposed().orElseThrow().getString("id")).isNotEqualTo(task.getString("id"));
    }
  }
}
