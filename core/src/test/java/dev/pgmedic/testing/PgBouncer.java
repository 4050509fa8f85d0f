package dev.pgmedic.testing;

import static org.awaitility.Awaitility.await;

import dev.pgmedic.target.PostgresUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real PgBouncer in front of a test database. */
public final class PgBouncer implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 30;

  private final Process process;
  private final PostgresUrl url;
  private final Path folder;

  private PgBouncer(Process process, PostgresUrl url, Path folder) {
    this.process = process;
    this.url = url;
    this.folder = folder;
  }

  /** The program, where this machine has it. */
  public static Optional<Path> program() {
    return Stream.concat(
            Stream.of(System.getenv("PATH").split(":", -1)), Stream.of("/usr/sbin", "/usr/bin"))
        .map(folder -> Path.of(folder, "pgbouncer"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * What a client sees of a PgBouncer.
   *
   * @param mode {@code session}, {@code transaction} or {@code statement}
   * @param ignored the startup parameters that it takes and does not hand on; others it refuses
   */
  public record Settings(String mode, List<String> ignored) {

    /** In transaction mode, and ignoring what the JDBC driver brings along. */
    public static final Settings TRANSACTION =
        new Settings("transaction", List.of("extra_float_digits"));
  }

  /** Starts one in front of a server that trusts everybody. The caller closes it. */
  public static PgBouncer inFrontOf(PostgresUrl server, Settings wanted) throws IOException {
    int port = freePort();
    Path folder = Files.createTempDirectory("pgbouncer");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path settings = folder.resolve("pgbouncer.ini");
    Files.writeString(
        settings,
        """
        [databases]
        * = host=127.0.0.1 port=%d user=%s
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = any
        pool_mode = %s
        ignore_startup_parameters = %s
        """
            .formatted(
                server.port(),
                server.user(),
                port,
                wanted.mode(),
                String.join(",", wanted.ignored())));
    List<String> command = new ArrayList<>(List.of(program().orElseThrow().toString()));
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("-u", "nobody")); // it refuses to be root
    }
    command.add(settings.toString());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    await().until(() -> answers(port));
    PostgresUrl url =
        new PostgresUrl(
            "127.0.0.1",
            port,
            server.database(),
            server.user(),
            server.password(),
            server.parameters());
    return new PgBouncer(process, url, folder);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  /** How the server is reached through it. */
  public PostgresUrl url() {
    return url;
  }

  /** A client of the pooler, which uses no prepared statements. The caller closes it. */
  public Connection client() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:"
            + url.port()
            + "/"
            + url.database()
            + "?preferQueryMode=simple",
        url.user(),
        "");
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    process
        .onExit()
        .completeOnTimeout(process, PATIENCE_SECONDS, TimeUnit.SECONDS)
        .thenAccept(Process::destroyForcibly)
        .join();
    Files.delete(folder.resolve("pgbouncer.ini"));
    Files.delete(folder.resolve("log"));
    Files.delete(folder);
  }
}
