package dev.pgmedic.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a temporary server whose owner is gone: nothing. */
@Timeout(180)
class TemporaryServerTest {

  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path folder;
  private Process owner;

  @BeforeEach
  void open() throws IOException {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Path ready = folder.resolve("ready");
    owner =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                TemporaryAndWait.class.getName(),
                ready.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("owner.log").toFile())
            .start();
    await().atMost(SOON).until(() -> Files.exists(ready) || !owner.isAlive());
    assertThat(ready).as(Files.readString(folder.resolve("owner.log"))).exists();
  }

  @AfterEach
  void close() {
    owner.destroyForcibly();
  }

  private List<Path> folders() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("tmp"))) {
      return all.filter(path -> path.getFileName().toString().startsWith("pgmedic-")).toList();
    }
  }

  @Test
  void itEndsWithAnOwnerThatIsKilledAndItsFolderGoesToo() throws Exception {
    // Given
    List<ProcessHandle> servers = Postmasters.of(folders().get(0));

    // When
    Postmasters.kill(owner.toHandle());

    // Then
    assertThat(servers).hasSize(1);
    assertThat(servers.get(0).onExit()).succeedsWithin(SOON);
    await().atMost(SOON).untilAsserted(() -> assertThat(folders()).isEmpty());
  }

  @Test
  void itsFolderGoesAlsoWhenTheServerWasKilledBeforeItsOwner() throws Exception {
    // Given: a pid file that names nobody any more
    Postmasters.kill(Postmasters.of(folders().get(0)).get(0));

    // When
    Postmasters.kill(owner.toHandle());

    // Then
    await().atMost(SOON).untilAsserted(() -> assertThat(folders()).isEmpty());
  }

  @Test
  void anOwnerThatEndsByItselfLeavesNothingEither() throws Exception {
    // Given
    List<ProcessHandle> servers = Postmasters.of(folders().get(0));

    // When
    owner.getOutputStream().close();

    // Then
    assertThat(owner.onExit()).succeedsWithin(SOON);
    assertThat(servers.get(0).onExit()).succeedsWithin(SOON);
    assertThat(folders()).isEmpty();
  }
}
