package dev.pgmedic.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pgmedic.command.CommandNotStarted;
import dev.pgmedic.deadline.DeadlinePassed;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CommandRunnerTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private final CommandRunner runner = new CommandRunner(vertx);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void tellsWhatACommandSaid() {
    // When
    String said = runner.run(List.of("sh", "-c", "echo out; echo err >&2"), LIMIT).await();

    // Then
    assertThat(said).contains("ended with 0", "out", "err");
  }

  @Test
  void failsWithTheExitCodeAndTheOutput() {
    // When
    Throwable error =
        catchThrowable(() -> runner.run(List.of("sh", "-c", "echo why; exit 7"), LIMIT).await());

    // Then
    assertThat(error).isInstanceOf(StepFailed.class).hasMessageContainingAll("ended with 7", "why");
  }

  @Test
  void keepsTheEndOfWhatANoisyCommandSays() {
    // When
    String said = runner.run(List.of("sh", "-c", "seq 1 200000; echo the end"), LIMIT).await();

    // Then
    assertThat(said).endsWith("200000\nthe end").hasSizeLessThan(4_200);
  }

  @Test
  void failsWhereThereIsNoSuchProgram() {
    // When
    Throwable error =
        catchThrowable(() -> runner.run(List.of("no-such-program-here"), LIMIT).await());

    // Then
    assertThat(error)
        .isInstanceOf(CommandNotStarted.class)
        .hasMessageContaining("no-such-program-here");
  }

  @Test
  void killsACommandThatTakesTooLongWithItsChildren(@TempDir Path folder) throws IOException {
    // Given
    Path pid = folder.resolve("pid");
    String script = "sleep 300 & echo $! > " + pid + "; wait";

    // When
    Throwable error =
        catchThrowable(
            () -> runner.run(List.of("sh", "-c", script), Duration.ofSeconds(1)).await());

    // Then
    assertThat(error).isInstanceOf(DeadlinePassed.class);
    long child = Long.parseLong(Files.readString(pid).strip());
    assertThat(ProcessHandle.of(child))
        .satisfiesAnyOf(
            handle -> assertThat(handle).isEmpty(),
            handle -> assertThat(handle.orElseThrow().onExit().join()).isNotNull());
  }

  @Test
  void neverAsksForInput() {
    // When
    String said = runner.run(List.of("sh", "-c", "read x; echo got:$x:"), LIMIT).await();

    // Then
    assertThat(said).contains("got::");
  }
}
