package dev.pgmedic.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.testing.TestDatabases;
import dev.pgmedic.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a recovery does when the server under it crashes, or has no more room. */
@Timeout(180)
class ServerFaultsTest {

  private static final Duration SOON = Duration.ofSeconds(60);

  private final RecoveryScene scene = new RecoveryScene();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void aServerThatCrashesFailsTheTaskAndTheNextOneHeals() throws Exception {
    try (TestServer server = TestServer.start()) {
      // Given
      PostgresUrl url = server.url();
      Target target = RecoveryScene.target(url, url);
      scene.broken(target);
      RecoveryTask task = scene.approved(target);

      // When
      RecoveryTask ended;
      try (Connection other = TestDatabases.connect(url);
          Statement statement = other.createStatement()) {
        statement.execute("BEGIN");
        statement.execute("LOCK TABLE orders IN ROW EXCLUSIVE MODE");
        String worker = scene.deploy(target);
        await().atMost(SOON).until(() -> isBlocked(url));
        crash(url);
        ended = scene.ended(task);
        scene.vertx().undeploy(worker).await();
      }

      // Then
      await().atMost(SOON).ignoreExceptions().until(() -> query(url, "SELECT 1").equals("1"));
      assertThat(ended.state().label()).as(ended.toString()).isEqualTo("failed");
      RecoveryScene.assertWhole(url, ended);
      scene.assertHealable(target);
    }
  }

  private static boolean isBlocked(PostgresUrl url) {
    return query(
            url,
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'orders'::regclass")
        .equals("1");
  }

  private static void crash(PostgresUrl url) {
    long checkpointer =
        Long.parseLong(
            query(url, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"));
    assertThat(ProcessHandle.of(checkpointer).orElseThrow().destroyForcibly()).isTrue();
  }

  private static String query(PostgresUrl url, String sql) {
    return TestDatabases.query(url, sql).get(0);
  }

  @Test
  void aDiskThatIsFullFailsTheTaskAndTheNextOneHeals() throws Exception {
    try (TestServer server = TestServer.start();
        SmallDisk disk = SmallDisk.mount()) {
      // Given
      PostgresUrl url = server.url();
      Target target = RecoveryScene.target(url, url);
      scene.broken(target);
      TestDatabases.run(url, "CREATE TABLESPACE small LOCATION '" + disk.folder(url) + "'");
      TestDatabases.run(url, "ALTER DATABASE postgres SET default_tablespace = small");
      RecoveryTask task = scene.approved(target);
      disk.fill();

      // When
      String worker = scene.deploy(target);
      RecoveryTask ended = scene.ended(task);
      scene.vertx().undeploy(worker).await();

      // Then
      assertThat(ended.state().label()).as(ended.toString()).isEqualTo("failed");
      assertThat(ended.outcome().orElse("")).contains("No space left on device");
      RecoveryScene.assertWhole(url, ended);
      disk.empty();
      scene.assertHealable(target);
    }
  }

  /** A file system in memory, of a megabyte. */
  private record SmallDisk(Path root) implements AutoCloseable {

    static SmallDisk mount() throws IOException, InterruptedException {
      Path mount = Files.createTempDirectory("pgmedic-small-disk");
      boolean mounted =
          exit("mount", "-t", "tmpfs", "-o", "size=1m,mode=777", "tmpfs", mount.toString()) == 0;
      assumeThat(mounted).as("who runs the tests may mount a file system").isTrue();
      return new SmallDisk(mount);
    }

    private static int exit(String... words) throws IOException, InterruptedException {
      return new ProcessBuilder(words).redirectErrorStream(true).start().waitFor();
    }

    /** A folder that the server may write, which must be its own. */
    Path folder(PostgresUrl url) throws IOException {
      Path folder = Files.createDirectory(root.resolve("space"));
      Path data = Path.of(query(url, "SHOW data_directory"));
      return Files.setOwner(folder, Files.getOwner(data));
    }

    void fill() throws IOException {
      Path file = root.resolve("full");
      byte[] page = new byte[4096];
      try (var out = Files.newOutputStream(file)) {
        for (int pages = 0; pages < 1_000; pages++) {
          out.write(page);
        }
      } catch (IOException full) {
        assertThat(full).hasMessageContaining("No space left");
      }
    }

    void empty() throws IOException {
      Files.delete(root.resolve("full"));
    }

    @Override
    public void close() throws IOException, InterruptedException {
      assertThat(exit("umount", "-l", root.toString())).isZero();
      Files.delete(root);
    }
  }
}
