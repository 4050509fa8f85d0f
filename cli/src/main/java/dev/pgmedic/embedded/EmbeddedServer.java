package dev.pgmedic.embedded;

import dev.pgmedic.target.PostgresUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server on loopback that keeps its data in one folder: SCRAM for every connection
 * from the first start on, a random password in a file that only we may read, never two servers on
 * one folder. All methods block.
 */
public final class EmbeddedServer implements AutoCloseable {

  private static final String USER = "postgres";

  private final Path directory;
  private final Path binaries;
  private final FileLock lock;
  private final boolean temporary;
  private final int port;
  private final String password;
  private boolean closed;

  private EmbeddedServer(
      Path directory, Path binaries, FileLock lock, boolean temporary, String password)
      throws IOException {
    this.directory = directory;
    this.binaries = binaries;
    this.lock = lock;
    this.temporary = temporary;
    this.password = password;
    this.port = freePort();
  }

  /**
   * Starts a server on the data of a folder, which is made when it is missing. A server that a
   * killed process of ours left behind on it is stopped first.
   *
   * @throws IOException when another living pgmedic has the folder, or the server does not start;
   *     the message says which
   */
  public static EmbeddedServer open(Path directory) throws IOException {
    return open(directory.toAbsolutePath().normalize(), false);
  }

  /**
   * Starts a server in a fresh folder that is deleted when it is closed. Its data is not safe from
   * a power cut.
   */
  public static EmbeddedServer temporary() throws IOException {
    return open(Files.createTempDirectory("pgmedic-demo-"), true);
  }

  private static EmbeddedServer open(Path directory, boolean temporary) throws IOException {
    Path ours = Folders.ownedByUs(directory);
    FileLock lock = lock(ours.resolve("postgres.lock"));
    try {
      Path binaries = Binaries.folder();
      Path passwordFile = directory.resolve("postgres.password");
      Path data = directory.resolve("postgres");
      if (!Files.exists(data.resolve("PG_VERSION"))) {
        initialise(directory, binaries, data, passwordFile);
      }
      String password = Files.readString(passwordFile).strip();
      EmbeddedServer server = new EmbeddedServer(directory, binaries, lock, temporary, password);
      if (server.leftBehind()) {
        server.stop();
      }
      server.start();
      return server;
    } catch (IOException | RuntimeException e) {
      lock.channel().close();
      throw e;
    }
  }

  private static FileLock lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw new IOException(
          "another pgmedic uses "
              + file.getParent()
              + "; expected another store.directory, or a store.url that both share");
    }
    return lock;
  }

  // A folder gets its final name last, so that an interrupted start leaves nothing that looks like
  // data.
  private static void initialise(Path directory, Path binaries, Path data, Path passwordFile)
      throws IOException {
    Path unfinished = directory.resolve("postgres.unfinished");
    if (Files.exists(unfinished)) {
      Folders.delete(unfinished);
    }
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    Folders.writeSecret(passwordFile, HexFormat.of().formatHex(random));
    Program.run(
        directory.resolve("initdb.log"),
        List.of(
            binaries.resolve("bin/initdb").toString(),
            "--pgdata=" + unfinished,
            "--username=" + USER,
            "--pwfile=" + passwordFile,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
            "--no-instructions"));
    Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private boolean leftBehind() throws IOException {
    Path file = directory.resolve("postgres/postmaster.pid");
    if (!Files.exists(file)) {
      return false;
    }
    Optional<String> pid = Files.readAllLines(file).stream().findFirst().map(String::strip);
    return pid.filter(number -> number.matches("\\d+"))
        .flatMap(number -> ProcessHandle.of(Long.parseLong(number)))
        .flatMap(process -> process.info().command())
        .filter(command -> command.endsWith("postgres"))
        .isPresent();
  }

  private void start() throws IOException {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "-p",
                Integer.toString(port),
                "-c listen_addresses=127.0.0.1",
                "-c unix_socket_directories=",
                "-c max_connections=100",
                "-c client_connection_check_interval=1s"));
    if (temporary) {
      settings.addAll(List.of("-c fsync=off", "-c synchronous_commit=off"));
    }
    pgCtl(
        "start",
        "-o",
        String.join(" ", settings),
        "-l",
        directory.resolve("postgres.log").toString());
  }

  private void stop() throws IOException {
    pgCtl("stop", "-m", "fast");
  }

  private void pgCtl(String action, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                binaries.resolve("bin/pg_ctl").toString(),
                action,
                "-w",
                "-t",
                "60",
                "-D",
                directory.resolve("postgres").toString()));
    command.addAll(List.of(more));
    Program.run(directory.resolve("pg_ctl.log"), command);
  }

  /** Where one of its databases is. */
  public PostgresUrl url(String database) {
    return new PostgresUrl("127.0.0.1", port, database, USER, Optional.of(password), Map.of());
  }

  /** Stops the server and gives the folder back. Does nothing the second time. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      stop();
      lock.channel().close();
      if (temporary) {
        Folders.delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return "PostgreSQL on port " + port + " in " + directory;
  }
}
