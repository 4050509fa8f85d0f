package dev.pgmedic.testing;

import static org.awaitility.Awaitility.await;

import dev.pgmedic.target.PostgresUrl;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A streaming standby of a {@link TestServer}: a copy of its files that follows it, and refuses
 * every write.
 *
 * @see <a href="https://www.postgresql.org/docs/current/continuous-archiving.html">Making a Base
 *     Backup Using the Low Level API</a>
 */
public final class TestStandby implements AutoCloseable {

  private static final Duration SOON = Duration.ofSeconds(60);

  private final PostgresUrl primary;
  private final PostgresUrl url;
  private final Path data;
  private final Process server;

  private TestStandby(PostgresUrl primary, PostgresUrl url, Path data, Process server) {
    this.primary = primary;
    this.url = url;
    this.data = data;
    this.server = server;
  }

  /** Makes one of a server of version 15 or newer, and starts it; the caller closes it. */
  public static TestStandby of(PostgresUrl primary) throws IOException, SQLException {
    Path data = copied(primary);
    int port = freePort();
    PostgresUrl url =
        new PostgresUrl(
            primary.host(),
            port,
            primary.database(),
            primary.user(),
            primary.password(),
            primary.parameters());
    List<String> words = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      words.addAll(List.of("unshare", "-U")); // no server runs as root
    }
    words.addAll(
        List.of(
            first(primary, "SELECT setting FROM pg_config WHERE name = 'BINDIR'") + "/postgres",
            "-D",
            data.toString(),
            "-p",
            String.valueOf(port),
            "-c",
            "max_connections=" + first(primary, "SHOW max_connections"),
            "-c",
            "unix_socket_directories=",
            "-c",
            "primary_conninfo=host=%s port=%d user=%s"
                .formatted(primary.host(), primary.port(), primary.user())));
    Process server =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(data.resolve("standby.log").toFile())
            .start();
    TestStandby standby = new TestStandby(primary, url, data, server);
    try {
      standby.follow();
      return standby;
    } catch (RuntimeException | Error notStarted) {
      notStarted.addSuppressed(new IOException(Files.readString(data.resolve("standby.log"))));
      standby.close();
      throw notStarted;
    }
  }

  private static String first(PostgresUrl url, String sql) {
    return TestDatabases.query(url, sql).get(0);
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  private static Path copied(PostgresUrl primary) throws IOException, SQLException {
    Path from = Path.of(first(primary, "SHOW data_directory"));
    Path to =
        Files.createTempDirectory(
            "pgmedic-standby",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try (Connection backup = TestDatabases.connect(primary);
        Statement statement = backup.createStatement()) {
      statement.execute("SELECT pg_backup_start('standby', true)");
      copy(from, to);
      try (ResultSet stopped = statement.executeQuery("SELECT labelfile FROM pg_backup_stop()")) {
        stopped.next();
        Files.writeString(
            to.resolve("backup_label"), stopped.getString(1), StandardOpenOption.CREATE);
      }
    }
    Files.createFile(to.resolve("standby.signal"));
    return to;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes facts)
              throws IOException {
            Path copy = to.resolve(from.relativize(folder));
            if (!copy.equals(to)) {
              Files.createDirectory(copy);
            }
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwx------"));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes facts)
              throws IOException {
            if (facts.isRegularFile() && !file.getFileName().toString().startsWith("postmaster.")) {
              try {
                Files.copy(file, to.resolve(from.relativize(file)));
              } catch (NoSuchFileException gone) {
                return FileVisitResult.CONTINUE; // a live server deletes what it needs no more
              }
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** How it is reached. */
  public PostgresUrl url() {
    return url;
  }

  /** Waits until it has all that the primary has now. */
  public void follow() {
    String now = first(primary, "SELECT pg_current_wal_lsn()");
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(() ->
            first(url, "SELECT pg_last_wal_replay_lsn() >= '" + now + "'::pg_lsn").equals("t"));
  }

  @Override
  public void close() throws IOException {
    server.destroy();
    try {
      if (!server.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)) {
        server.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
