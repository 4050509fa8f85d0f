package dev.pgmedic.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.store.TaskConflict;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.testing.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What runs is what was approved, once, and in time. */
@Timeout(120)
class ApprovedOnlyTest {

  // A worker looks once a second.
  private static final Duration THREE_LOOKS = Duration.ofSeconds(3);
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private List<List<String>> restart() {
    return List.of(List.of("sh", "-c", "echo restarted >> " + folder.resolve("restarts")));
  }

  @Test
  void aDigestThatIsApprovedTwiceRunsOnce() {
    try (LostTable shop = new LostTable(restart())) {
      // Given
      RecoveryTask task = shop.approved(shop.proposed(), "jarvis");

      // When
      assertThatThrownBy(() -> shop.approved(task, "jarvis")).isInstanceOf(TaskConflict.class);
      assertThatThrownBy(() -> shop.approved(task, "another")).isInstanceOf(TaskConflict.class);
      shop.work();
      shop.work();
      RecoveryTask ended = shop.once(task.id(), found -> !found.state().open());

      // Then
      assertThat(ended.state().label()).as(ended.toString()).isEqualTo("succeeded");
      assertThatThrownBy(() -> shop.approved(task, "jarvis")).isInstanceOf(TaskConflict.class);
      await()
          .during(THREE_LOOKS)
          .atMost(SOON)
          .untilAsserted(() -> assertThat(folder.resolve("restarts")).hasContent("restarted"));
    }
  }

  @Test
  void anApprovalWhoseTimeRanOutNeverRuns() {
    try (LostTable shop = new LostTable(restart())) {
      // Given
      RecoveryTask task = shop.approved(shop.proposed(), "jarvis");
      TestDatabases.run(
          shop.storeUrl(), "UPDATE pgmedic.recovery_task SET expires_at = now() - interval '1 s'");

      // When
      shop.work();

      // Then
      await()
          .during(THREE_LOOKS)
          .atMost(SOON)
          .until(() ->
              shop.once(task.id(), found -> true).steps().isEmpty()
                  && !Files.exists(folder.resolve("restarts"))
                  && TestDatabases.query(shop.url(), "SELECT to_regclass('users') IS NULL")
                      .contains("t"));
    }
  }
}
