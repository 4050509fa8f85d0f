package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A service that is killed in the middle of a replay leaves no scratch server behind. */
@Timeout(300)
class KilledReplayTest {

  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private final PostgresUrl url = TestDatabases.fresh();

  private Path config() throws IOException {
    Path files = Files.createDirectories(folder.resolve("project/migrations"));
    Files.writeString(files.resolve("000001_room.up.sql"), "CREATE TABLE room (id int)");
    Files.writeString(files.resolve("000002_long.up.sql"), "SELECT pg_sleep(100)");
    TestDatabases.run(
        url,
        "CREATE TABLE room (id int)",
        "CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY,"
            + " dirty boolean NOT NULL)",
        "INSERT INTO schema_migrations VALUES (1, false)");
    return Files.writeString(
        folder.resolve("pgmedic.yaml"),
        """
        store: {url: "%s"}
        auth: {tokens: [{name: me, role: viewer, token: a-token-of-the-tests-alone}]}
        targets:
          shop:
            url: "%s"
            check_every: 500ms
            migrations: {tool: golang-migrate, directory: project}
        """
            .formatted(TestDatabases.fresh().reveal(), url.reveal()));
  }

  @Test
  void theScratchServerEndsWithTheService() throws Exception {
    // Given
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    try (ServiceProcess service = ServiceProcess.up(config(), "-Djava.io.tmpdir=" + temporary)) {
      await().atMost(SOON).until(() -> server(temporary).isPresent());
      ProcessHandle server = server(temporary).orElseThrow();

      // When
      service.kill();

      // Then
      assertThat(server.onExit()).succeedsWithin(SOON);
      await().atMost(SOON).untilAsserted(() -> assertThat(scratch(temporary)).isEmpty());
    }
  }

  private static List<Path> scratch(Path temporary) throws IOException {
    try (Stream<Path> all = Files.list(temporary)) {
      return all.filter(path -> path.getFileName().toString().startsWith("pgmedic-demo")).toList();
    }
  }

  // A server that is starting writes its file line by line.
  private static Optional<ProcessHandle> server(Path temporary) throws IOException {
    for (Path place : scratch(temporary)) {
      Path file = place.resolve("postgres/postmaster.pid");
      if (Files.exists(file) && Files.readString(file).contains("ready")) {
        return ProcessHandle.of(Long.parseLong(Files.readAllLines(file).get(0).strip()));
      }
    }
    return Optional.empty();
  }
}
