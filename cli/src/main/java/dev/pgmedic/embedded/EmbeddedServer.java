package dev.pgmedic.embedded;

import dev.pgmedic.target.PostgresUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A PostgreSQL server on loopback that keeps its data in one folder: SCRAM for every connection
 * from the first start on, a random password in a file that only we may read, never two servers on
 * one folder. All methods block.
 */
public final class EmbeddedServer implements AutoCloseable {

  private static final String USER = "postgres";

  /** {@code duplicate_database}, and {@code unique_violation} of one that lost the race. */
  private static final Set<String> ALREADY_THERE = Set.of("42P04", "23505");

  /** Between our look for a free port and the server's start somebody else may take it. */
  private static final int PORTS_TRIED = 3;

  private final Path directory;
  private final Path data;
  private final Path binaries;
  private final FolderLock lock;
  private final Optional<Undertaker> undertaker;
  private final String password;
  private int port;
  private boolean closed;

  private EmbeddedServer(
      Path directory,
      Path binaries,
      FolderLock lock,
      Optional<Undertaker> undertaker,
      String password) {
    this.directory = directory;
    this.data = directory.resolve("postgres");
    this.binaries = binaries;
    this.lock = lock;
    this.undertaker = undertaker;
    this.password = password;
  }

  /**
   * Starts a server on the data of a folder, which is made when it is missing. A server that a
   * killed process of ours left behind on it is stopped first. Blocking, for a second or two; the
   * first time of a user for some more.
   *
   * @throws IOException when another living pgmedic has the folder, or the server does not start;
   *     the message says which
   */
  public static EmbeddedServer open(Path directory) throws IOException {
    return open(directory, false);
  }

  /**
   * Starts a server in a fresh folder that is deleted when it is closed, and also when this process
   * is killed before. Its data is not safe from a power cut. Blocking.
   */
  public static EmbeddedServer temporary() throws IOException {
    return open(Files.createTempDirectory("pgmedic-demo-"), true);
  }

  private static EmbeddedServer open(Path directory, boolean temporary) throws IOException {
    Path ours = Folders.ownedByUs(directory).toRealPath();
    FolderLock lock = FolderLock.take(ours);
    Optional<Undertaker> undertaker = Optional.empty();
    boolean opened = false;
    try {
      Path binaries = Binaries.folder();
      if (temporary) {
        undertaker =
            Optional.of(Undertaker.of(ours, Program.asServerUser(stopAtOnce(binaries, ours))));
      }
      if (!Files.exists(ours.resolve("postgres/PG_VERSION"))) {
        initialise(ours, binaries, temporary);
      }
      EmbeddedServer server =
          new EmbeddedServer(ours, binaries, lock, undertaker, passwordIn(ours));
      server.replaceLeftBehind();
      server.start();
      opened = true;
      return server;
    } finally {
      if (!opened) {
        lock.close();
        if (temporary) {
          Folders.delete(ours);
        }
        if (undertaker.isPresent()) {
          undertaker.get().close();
        }
      }
    }
  }

  private static List<String> stopAtOnce(Path binaries, Path directory) {
    return List.of(
        binaries.resolve("bin/pg_ctl").toString(),
        "stop",
        "-m",
        "immediate",
        "-w",
        "-t",
        "10",
        "-D",
        directory.resolve("postgres").toString());
  }

  private static String passwordIn(Path directory) throws IOException {
    Path file = directory.resolve("postgres.password");
    try {
      return Files.readString(file).strip();
    } catch (NoSuchFileException e) {
      throw new IOException(
          "the data in "
              + directory
              + " has lost its password; expected "
              + file
              + " (from a backup), or another store.directory",
          e);
    }
  }

  // A folder gets its final name last, so that an interrupted start leaves nothing that looks like
  // data. It is initdb that closes every door: no server has run yet when the first one reads it.
  private static void initialise(Path directory, Path binaries, boolean temporary)
      throws IOException {
    Path unfinished = directory.resolve("postgres.unfinished");
    if (Files.exists(unfinished)) {
      Folders.delete(unfinished);
    }
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    Path passwordFile = directory.resolve("postgres.password");
    Folders.writeSecret(passwordFile, HexFormat.of().formatHex(random));
    List<String> command =
        new ArrayList<>(
            List.of(
                binaries.resolve("bin/initdb").toString(),
                "--pgdata=" + unfinished,
                "--username=" + USER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--no-locale",
                "--no-instructions"));
    if (temporary) {
      command.add("--no-sync"); // a store's first files must survive a power cut too
    }
    Program.run(directory.resolve("initdb.log"), command);
    Files.move(unfinished, directory.resolve("postgres"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private void replaceLeftBehind() throws IOException {
    stop();
    new PidFile(data).forgetStranger();
  }

  private void start() throws IOException {
    for (int tried = 1; ; tried++) {
      port = freePort();
      try {
        startOnce();
        return;
      } catch (IOException e) {
        if (tried == PORTS_TRIED || isFree(port)) {
          throw e;
        }
      }
    }
  }

  private void startOnce() throws IOException {
    Path log = directory.resolve("postgres.log");
    if (Files.exists(log)) {
      Files.move(log, directory.resolve("postgres.log.old"), StandardCopyOption.REPLACE_EXISTING);
    }
    try {
      pgCtl("start", "-o", settings(), "-l", log.toString());
    } catch (IOException e) {
      String told = Files.exists(log) ? Files.readString(log).strip() : "it wrote no log";
      throw withStopped(new IOException(e.getMessage() + told, e));
    }
  }

  // One that did not come up in time may still be on its way.
  private IOException withStopped(IOException failure) {
    try {
      stop();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  private String settings() {
    String settings =
        "-p "
            + port
            + " -c listen_addresses=127.0.0.1"
            + " -c unix_socket_directories="
            + " -c max_connections=100"
            + " -c client_connection_check_interval=1s";
    return undertaker.isPresent() ? settings + " -c fsync=off -c synchronous_commit=off" : settings;
  }

  private void stop() throws IOException {
    if (new PidFile(data).namesOurServer()) {
      pgCtl("stop", "-m", "fast");
    }
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
                data.toString()));
    command.addAll(List.of(more));
    Program.run(directory.resolve("pg_ctl.log"), command);
  }

  /** The port on 127.0.0.1 where it listens; another one at each start. */
  public int port() {
    return port;
  }

  /** Makes a database if it is not there; two that do so at once both succeed. Blocking. */
  public void createDatabaseIfMissing(String name) throws SQLException {
    String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    try (Connection connection = DriverManager.getConnection(url, USER, password);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE \"" + name.replace("\"", "\"\"") + "\"");
    } catch (SQLException e) {
      if (!ALREADY_THERE.contains(Objects.requireNonNullElse(e.getSQLState(), ""))) {
        throw e;
      }
    }
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
      try {
        stop();
      } finally {
        lock.close(); // one that would not stop is stopped by the next that opens the folder
      }
      if (undertaker.isPresent()) {
        Folders.delete(directory);
        undertaker.get().close();
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
