package dev.pgmedic.cli;

import static org.awaitility.Awaitility.await;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A fleet of four databases, and the service that watches it, which may go and come back. */
final class Clinic implements AutoCloseable {

  static final String VIEWER = "viewer-token-of-the-test";
  static final String APPROVER = "approver-token-of-the-test";
  static final String ADMIN = "admin-token-of-the-test";

  /** What somebody may call a table who means no good. */
  static final String HOSTILE = "<img src=x onerror=alert(1)>";

  private static final Duration SOON = Duration.ofSeconds(60);

  private final PostgresUrl store = TestDatabases.fresh();
  private final Map<String, PostgresUrl> databases = new LinkedHashMap<>();
  private final Path config;
  private final String listen;
  private ServiceProcess service;

  Clinic(Path folder) throws IOException {
    for (String name : List.of("shop", "bank", "lab", "farm")) {
      databases.put(name, TestDatabases.fresh());
    }
    for (String name : List.of("shop", "bank")) {
      run(
          name,
          "CREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL)",
          "CREATE TABLE orders (id serial PRIMARY KEY, user_id int REFERENCES users)",
          "INSERT INTO users (name) SELECT 'user ' || i FROM generate_series(1, 20) i",
          "INSERT INTO orders (user_id) SELECT 1 + i % 20 FROM generate_series(1, 100) i",
          "ANALYZE");
    }
    run("lab", "CREATE TABLE \"" + HOSTILE + "\" (id int)");
    run("farm", "CREATE TABLE plain (id int)");
    config = Files.writeString(folder.resolve("pgmedic.yaml"), yaml());
    listen = "127.0.0.1:" + freePort();
    service = ServiceProcess.at(listen, config);
    await()
        .atMost(SOON)
        .until(() -> TestDatabases.query(store, "SELECT 1 FROM pgmedic.baseline").size() == 4);
  }

  private String yaml() {
    return """
    store: {url: "%s"}
    auth:
      tokens:
        - {name: watcher, role: viewer, token: %s}
        - {name: jarvis, role: approver, token: %s}
        - {name: root, role: admin, token: %s}
    targets:
    %s
    """
        .formatted(
            store.reveal(),
            VIEWER,
            APPROVER,
            ADMIN,
            databases.entrySet().stream()
                .map(entry -> target(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining("\n")));
  }

  private static String target(String name, PostgresUrl url) {
    return "  %s: {url: \"%s\", check_every: 500ms, labels: {env: test}, recovery: {}}"
        .formatted(name, url.reveal());
  }

  // The page finds the service again where it was.
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  String base() {
    return service.base();
  }

  Api api() {
    return service.api(ADMIN);
  }

  PostgresUrl database(String name) {
    return Optional.ofNullable(databases.get(name)).orElseThrow();
  }

  /** Runs SQL in a database of the fleet. */
  void run(String name, String... statements) {
    TestDatabases.run(database(name), statements);
  }

  /** The service stops, something is done, and it starts again. */
  void without(Runnable work) throws IOException {
    service.close();
    work.run();
    service = ServiceProcess.at(listen, config);
  }

  /** The numbers of all events, newest first. */
  List<String> sequences() {
    return TestDatabases.query(store, "SELECT sequence FROM pgmedic.event ORDER BY sequence DESC");
  }

  @Override
  public void close() {
    service.close();
  }
}
