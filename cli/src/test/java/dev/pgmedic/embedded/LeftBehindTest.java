package dev.pgmedic.embedded;

import static dev.pgmedic.embedded.EmbeddedServerTest.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a killed process or machine may leave in the folder. */
class LeftBehindTest {

  /** The server takes its pid file away shortly before it ends. */
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void afterItsOwnerWasKilledTheServerIsReplacedByOneOfOurs() throws Exception {
    // Given
    Path store = folder.resolve("store");
    Process owner = openInAnotherProcess(store);
    List<ProcessHandle> before = Postmasters.of(store);
    Postmasters.kill(owner.toHandle());

    // When
    try (EmbeddedServer server = EmbeddedServer.open(store)) {

      // Then
      assertThat(before).hasSize(1);
      assertThat(before.get(0).onExit()).succeedsWithin(SOON);
      assertThat(Postmasters.of(store)).hasSize(1);
      assertThat(ask(server, "SELECT 1")).isEqualTo("1");
    }
    assertThat(Postmasters.of(store)).isEmpty();
  }

  @Test
  void theServerOfAFolderThatWasRenamedIsReplacedToo() throws Exception {
    // Given
    Path store = folder.resolve("store");
    Process owner = openInAnotherProcess(store);
    ProcessHandle before = Postmasters.of(store).get(0);
    Postmasters.kill(owner.toHandle());
    Path renamed = Files.move(store, folder.resolve("renamed"));

    // When
    try (EmbeddedServer server = EmbeddedServer.open(renamed)) {

      // Then
      assertThat(before.onExit()).succeedsWithin(SOON);
      assertThat(ask(server, "SELECT 1")).isEqualTo("1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgres", "sleep"})
  void aProcessThatOnlyHasTheNumberOfTheOldServerIsLeftAlone(String name) throws Exception {
    // Given
    Path store = folder.resolve("store");
    String pidFile = openAndClose(store);
    Path program = Files.copy(Path.of("/bin/sleep"), folder.resolve(name));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Process bystander = new ProcessBuilder(program.toString(), "300").start();
    Postmasters.writePidFile(store, pidFile, bystander.pid());

    // When
    try (EmbeddedServer server = EmbeddedServer.open(store)) {

      // Then
      assertThat(ask(server, "SELECT 1")).isEqualTo("1");
      assertThat(bystander.isAlive()).isTrue();
    } finally {
      bystander.destroyForcibly();
    }
  }

  @Test
  void aPidFileOfADeadServerIsNoHindrance() throws Exception {
    // Given
    Path store = folder.resolve("store");
    String pidFile = openAndClose(store);
    Process dead = new ProcessBuilder("true").start();
    assertThat(dead.waitFor()).isZero();
    Postmasters.writePidFile(store, pidFile, dead.pid());

    // When
    try (EmbeddedServer server = EmbeddedServer.open(store)) {

      // Then
      assertThat(ask(server, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void afterEverythingWasKilledTheStoreOpensAgain() throws Exception {
    // Given
    Path store = folder.resolve("store");
    Process owner = openInAnotherProcess(store);
    ProcessHandle postmaster = Postmasters.of(store).get(0);
    Postmasters.kill(owner.toHandle());
    Postmasters.kill(postmaster);

    // When
    try (EmbeddedServer server = EmbeddedServer.open(store)) {

      // Then
      assertThat(ask(server, "SELECT 1")).isEqualTo("1");
      assertThat(Postmasters.of(store)).hasSize(1);
    }
  }

  @Test
  void aSecondTryInTheSameProcessDoesNotGiveTheFolderToAnotherProcess() throws Exception {
    // Given
    Path store = folder.resolve("store");
    try (EmbeddedServer server = EmbeddedServer.open(store)) {
      assertThatThrownBy(() -> EmbeddedServer.open(store)).hasMessageContaining("another pgmedic");

      // When
      Process other = start(store, folder.resolve("ready"));

      // Then
      assertThat(other.waitFor()).isEqualTo(1);
      assertThat(folder.resolve("owner.log")).content().contains("another pgmedic uses " + store);
      assertThat(ask(server, "SELECT 1")).isEqualTo("1");
    }
  }

  private static String openAndClose(Path store) throws Exception {
    try (EmbeddedServer server = EmbeddedServer.open(store)) {
      return Files.readString(store.resolve("postgres/postmaster.pid"));
    }
  }

  private Process openInAnotherProcess(Path store) throws Exception {
    Path ready = folder.resolve("ready");
    Process process = start(store, ready);
    await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(ready) || !process.isAlive());
    assertThat(ready).exists();
    return process;
  }

  private Process start(Path store, Path ready) throws Exception {
    String java = ProcessHandle.current().info().command().orElseThrow();
    return new ProcessBuilder(
            java,
            "-cp",
            System.getProperty("java.class.path"),
            OpenAndWait.class.getName(),
            store.toString(),
            ready.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("owner.log").toFile())
        .start();
  }
}
