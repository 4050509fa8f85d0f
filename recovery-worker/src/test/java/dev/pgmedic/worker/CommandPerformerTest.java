package dev.pgmedic.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.command.CommandNotStarted;
import dev.pgmedic.deadline.DeadlinePassed;
import dev.pgmedic.plan.Step;
import dev.pgmedic.plan.action.RestartService;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Recovery;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
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
class CommandPerformerTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final List<String> TELLS =
      List.of("sh", "-c", "echo ${PATH}, s3cret-of-the-url, $PATH");
  private static final Target TARGET =
      Target.of("shop", PostgresUrl.parse("postgresql://u:s3cret-of-the-url@localhost/shop"))
          .healedBy(
              new Recovery(PostgresUrl.parse("postgresql://u@localhost/shop"), List.of(TELLS)));

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private String run(List<String> command) {
    return run(command, LIMIT);
  }

  private String run(List<String> command, Duration limit) {
    return new CommandPerformer(vertx, TARGET, command).perform(step(command, limit)).await();
  }

  private static Step step(List<String> command, Duration limit) {
    return new Step(1, "Restart", limit, new RestartService(command));
  }

  @Test
  void tellsWhatACommandSaid() {
    // When
    String said = run(List.of("sh", "-c", "echo out; echo err >&2"));

    // Then
    assertThat(said).contains("ended with 0", "out", "err");
  }

  @Test
  void masksPasswordsAndWhatVariablesStandForInWhatItSaid() {
    // When
    String said = run(TELLS);

    // Then: it got the variable, and nobody reads it
    assertThat(said)
        .contains("ended with 0")
        .endsWith("${PATH}, ***, ${PATH}")
        .doesNotContain(System.getenv("PATH"), "s3cret");
  }

  @Test
  void failsWithTheExitCodeAndTheOutput() {
    // When
    Throwable error = catchThrowable(() -> run(List.of("sh", "-c", "echo why; exit 7")));

    // Then
    assertThat(error).isInstanceOf(StepFailed.class).hasMessageContainingAll("ended with 7", "why");
  }

  @Test
  void keepsTheEndOfWhatANoisyCommandSays() {
    // When
    String said = run(List.of("sh", "-c", "seq 1 200000; echo the end"));

    // Then
    assertThat(said).endsWith("200000\nthe end").hasSizeLessThan(4_200);
  }

  @Test
  void failsWhereThereIsNoSuchProgram() {
    // When
    Throwable error = catchThrowable(() -> run(List.of("no-such-program-here")));

    // Then
    assertThat(error)
        .isInstanceOf(CommandNotStarted.class)
        .hasMessageContaining("no-such-program-here");
  }

  @Test
  void endsACommandThatTakesTooLongWithAllThatItStarted(@TempDir Path folder) throws IOException {
    // Given: a child in its own session, which hears no signal of the command's group
    Path pid = folder.resolve("pid");
    String script = "setsid sh -c 'trap \"\" TERM; echo $$ > " + pid + "; sleep 300' & sleep 300";

    // When
    Throwable error = catchThrowable(() -> run(List.of("sh", "-c", script), Duration.ofSeconds(2)));

    // Then
    assertThat(error).isInstanceOf(DeadlinePassed.class);
    assertGone(pid);
  }

  private static void assertGone(Path pid) throws IOException {
    long child = Long.parseLong(Files.readString(pid).strip());
    await().atMost(LIMIT).until(() -> ProcessHandle.of(child).isEmpty());
  }

  @Test
  void endsWhatACommandThatFailedLeftBehind(@TempDir Path folder) throws IOException {
    // Given
    Path pid = folder.resolve("pid");
    String script = "sleep 300 & echo $! > " + pid + "; exit 3";

    // When
    Throwable error = catchThrowable(() -> run(List.of("sh", "-c", script)));

    // Then
    assertThat(error).isInstanceOf(StepFailed.class).hasMessageContaining("ended with 3");
    assertGone(pid);
  }

  @Test
  void leavesTheServiceThatARestartStarted(@TempDir Path folder) throws IOException {
    // Given
    Path pid = folder.resolve("pid");
    String script = "sleep 300 & echo $! > " + pid;

    // When
    String said = run(List.of("sh", "-c", script));

    // Then
    assertThat(said).contains("ended with 0");
    ProcessHandle service =
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    assertThat(service.isAlive()).isTrue();
    assertThat(service.destroyForcibly()).isTrue();
  }

  @Test
  void isEndedWhenTheRecoveryIsStoppedAndTellsWhatItSaidUntilThen(@TempDir Path folder)
      throws IOException {
    // Given
    Path pid = folder.resolve("pid");
    List<String> command =
        List.of("sh", "-c", "echo s3cret-of-the-url; echo $$ > " + pid + "; sleep 300");
    CommandPerformer performer = new CommandPerformer(vertx, TARGET, command);
    Future<String> running = performer.perform(step(command, LIMIT));
    await().atMost(LIMIT).until(() -> Files.exists(pid) && !Files.readString(pid).isBlank());

    // When
    String progress = performer.progress().await();
    performer.stop().await();
    Throwable error = catchThrowable(running::await);

    // Then
    assertThat(progress).isEqualTo("***");
    assertThat(error).isInstanceOf(StepFailed.class).hasMessageContaining("was stopped");
    assertGone(pid);
  }

  @Test
  void findsNoMoreOfOurEnvironmentThanAProgramNeeds() {
    // When
    String said = run(List.of("env"));

    // Then
    assertThat(
            said.replaceFirst("^env ended with 0: ", "")
                .lines()
                .map(line -> line.replaceFirst("=.*", "")))
        .contains("PATH", "PGMEDIC_RUN")
        .isSubsetOf("PATH", "HOME", "LANG", "LC_ALL", "TZ", "PGMEDIC_RUN");
  }

  @Test
  void neverAsksForInput() {
    // When
    String said = run(List.of("sh", "-c", "read x; echo got:$x:"));

    // Then
    assertThat(said).contains("got::");
  }
}
