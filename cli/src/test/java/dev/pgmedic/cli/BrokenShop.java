package dev.pgmedic.cli;

import static org.awaitility.Awaitility.await;

import dev.pgmedic.api.ApiOptions;
import dev.pgmedic.config.Config.Auth;
import dev.pgmedic.config.Config.Http;
import dev.pgmedic.config.Config.Role;
import dev.pgmedic.config.Config.Token;
import dev.pgmedic.store.Tokens;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Recovery;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A service in this JVM that watches a shop, and the commands of people who use it. */
final class BrokenShop implements AutoCloseable {

  static final Token APPROVER = new Token("jarvis", Role.APPROVER, "approver-token-of-the-tests");
  static final Token VIEWER = new Token("watcher", Role.VIEWER, "viewer-token-of-the-tests");
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration OFTEN = Duration.ofMillis(200);

  private final PostgresUrl url = TestDatabases.fresh();
  private final PostgresUrl store = TestDatabases.fresh();
  private final Vertx vertx = Vertx.vertx();
  private final Path folder;
  private Node node;

  /**
   * A service whose shop is healthy and known to be.
   *
   * @param folder where the commands run
   */
  BrokenShop(Path folder) {
    this.folder = folder;
    TestDatabases.run(
        url,
        "CREATE TABLE users (id int PRIMARY KEY)",
        "CREATE TABLE orders (id int PRIMARY KEY)",
        "INSERT INTO orders SELECT generate_series(1, 100)",
        "ANALYZE orders");
    node = start(0);
    Api api = api();
    await().atMost(SOON).until(() -> api.eventTypes().contains("baseline.taken"));
  }

  private Node start(int port) {
    Target plain = Target.of("shop", url);
    Target fast =
        new Target(
            plain.name(),
            plain.url(),
            plain.labels(),
            plain.migrations(),
            plain.expect(),
            Optional.of(new Recovery(url, List.of())),
            OFTEN,
            plain.deadlines());
    return Node.start(
            vertx,
            store,
            new Node.Parts(
                Node.Role.ALL,
                Map.of("shop", fast),
                new ApiOptions(
                    new Http("127.0.0.1", port, Set.of()),
                    new Auth(Optional.empty(), List.of(APPROVER, VIEWER))),
                Node.Patience.DEFAULT))
        .await();
  }

  /** Takes a table away; the task that waits then. */
  JsonObject breakIt() {
    TestDatabases.run(url, "DROP TABLE orders");
    Api api = api();
    await().atMost(SOON).until(() -> api.proposed().isPresent());
    return api.proposed().orElseThrow();
  }

  /** Stops the service, does something, and starts it again at the same port. */
  void restart(Runnable meanwhile) {
    int port = node.port();
    node.stop().await();
    meanwhile.run();
    node = start(port);
  }

  /** The tokens that are made while it runs. */
  Tokens tokens() {
    return new Tokens(node.store());
  }

  String base() {
    return "http://127.0.0.1:" + node.port();
  }

  Api api() {
    return new Api(base(), APPROVER.secret());
  }

  PostgresUrl url() {
    return url;
  }

  PostgresUrl store() {
    return store;
  }

  /** A command of somebody whose token is in the folder. */
  OneShot run(Token token, String... arguments) throws IOException {
    return OneShot.run(folder, as(token, arguments));
  }

  /** The same on a terminal. */
  OneShot typing(String typed, Token token, String... arguments) throws IOException {
    return OneShot.typing(typed, folder, as(token, arguments));
  }

  private String[] as(Token token, String... arguments) throws IOException {
    Files.writeString(
        Files.createDirectories(folder.resolve(".pgmedic")).resolve("admin.token"), token.secret());
    List<String> words = new ArrayList<>(List.of(arguments));
    words.addAll(1, List.of("--server", base()));
    return words.toArray(String[]::new);
  }

  @Override
  public void close() {
    node.stop().await();
    vertx.close().await();
  }
}
