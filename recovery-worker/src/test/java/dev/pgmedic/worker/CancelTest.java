package dev.pgmedic.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.store.Cancellations;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.StepRun;
import dev.pgmedic.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A recovery that is called off stops between two steps, and says where the database stands. */
@Timeout(120)
class CancelTest {

  @TempDir private Path folder;

  private List<String> sh(String script) {
    return List.of("sh", "-c", "cd " + folder + " && " + script);
  }

  @Test
  void theStepUnderWayEndsAndTheNextDoesNotBegin() throws IOException {
    List<List<String>> commands =
        List.of(sh("touch began && while ! [ -e go ]; do sleep 0.1; done"), sh("touch never"));
    try (LostTable shop = new LostTable(commands)) {
      // Given
      UUID id = shop.approved(shop.proposed(), "jarvis").id();
      shop.work();
      assertThat(shop.once(id, task -> Files.exists(folder.resolve("began"))).id()).isEqualTo(id);

      // When
      RecoveryTask asked =
          new Cancellations(shop.store()).cancel(id, "root", "wrong day").await().orElseThrow();
      Files.createFile(folder.resolve("go"));
      RecoveryTask ended = shop.once(id, task -> !task.state().open());

      // Then
      assertThat(asked.state().label()).isEqualTo("running");
      assertThat(ended.state().label()).isEqualTo("cancelled");
      assertThat(ended.outcome().orElse(""))
          .startsWith("called off by root: wrong day; stopped before step 3 (Restart: sh -c")
          .endsWith("steps 1, 2 ran and stay");
      assertThat(ended.steps())
          .extracting(StepRun::index, StepRun::state)
          .extracting(Object::toString)
          .containsExactly("(1, \"succeeded\")", "(2, \"succeeded\")");
      assertThat(folder.resolve("never")).doesNotExist();
      assertThat(TestDatabases.query(shop.url(), "SELECT count(*) FROM users"))
          .containsExactly("0");
      assertThat(TestDatabases.advisoryLocks(shop.url())).isEmpty();
    }
  }
}
