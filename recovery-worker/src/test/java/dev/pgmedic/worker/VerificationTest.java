package dev.pgmedic.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.task.RecoveryTask;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What was wrong all along, behind what was healed, does not make the healing a failure. */
@Timeout(180)
class VerificationTest {

  private final HostileScene scene = new HostileScene(Optional.empty());

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void aLabelTooManyIsNoNewsOnceNoneIsMissing() {
    // Given: one fault is told of a type, the graver one
    scene.asOwner("CREATE TYPE mood AS ENUM ('a', 'b')", "CREATE TABLE plain (m mood)");
    scene.keep();
    scene.asOwner(
        "DROP TABLE plain",
        "DROP TYPE mood",
        "CREATE TYPE mood AS ENUM ('x', 'a')",
        "CREATE TABLE plain (m mood)");

    // When
    RecoveryTask ended = scene.healed("enum.value-missing public.mood");

    // Then
    assertThat(ended.state().label()).as(ended.toString()).isEqualTo("succeeded");
  }
}
