package dev.pgmedic.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.api.ApiOptions;
import dev.pgmedic.api.ApiVerticle;
import dev.pgmedic.config.Config.Auth;
import dev.pgmedic.config.Config.Http;
import dev.pgmedic.config.Config.Role;
import dev.pgmedic.config.Config.Token;
import dev.pgmedic.monitor.MonitorVerticle;
import dev.pgmedic.relay.EventRelayVerticle;
import dev.pgmedic.store.Store;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Recovery;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import dev.pgmedic.worker.RecoveryWorkerVerticle;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The verticles in somebody else's Vert.x, deployed by hand, one incident long; the service beside
 * them is the README's.
 */
@Timeout(180)
class OwnVertxTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Token TOKEN = new Token("pager", Role.APPROVER, "token-of-the-pager");

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = vertx.createHttpClient();
  private final PostgresUrl url = TestDatabases.fresh();
  private final PostgresUrl storeUrl = TestDatabases.fresh();
  private final Store store = Store.open(vertx, storeUrl).await();
  private final List<String> pages = new CopyOnWriteArrayList<>();
  private final ApiVerticle api =
      new ApiVerticle(
          store,
          Map.of("shop", target()),
          new ApiOptions(
              new Http("127.0.0.1", 0, Set.of()), new Auth(Optional.empty(), List.of(TOKEN))));

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private Target target() {
    Target plain = Target.of("shop", url);
    return new Target(
        plain.name(),
        plain.url(),
        plain.labels(),
        plain.migrations(),
        plain.expect(),
        Optional.of(new Recovery(url, List.of())),
        Duration.ofMillis(200),
        Deadlines.DEFAULT);
  }

  private List<String> deploy() {
    List<Target> targets = List.of(target());
    Duration pause = Duration.ofSeconds(15);
    return List.of(
        vertx.deployVerticle(new EventRelayVerticle(store)).await(),
        vertx.deployVerticle(api).await(),
        vertx.deployVerticle(new RecoveryWorkerVerticle(store, targets, pause, pause)).await(),
        vertx.deployVerticle(new MonitorVerticle(store, targets, pause, Optional.empty())).await(),
        vertx
            .deployVerticle(
                new Pager(URI.create("http://127.0.0.1:" + api.port()), TOKEN.secret(), pages::add))
            .await());
  }

  private JsonObject ask(HttpMethod method, String path, JsonObject body) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setHost("127.0.0.1")
            .setPort(api.port())
            .setURI(path)
            .putHeader("Authorization", "Bearer " + TOKEN.secret())
            .putHeader("Content-Type", "application/json");
    return client
        .request(options)
        .compose(request -> request.send(body.toBuffer()))
        .compose(response -> response.body())
        .await()
        .toJsonObject();
  }

  private Optional<JsonObject> waiting() {
    return ask(HttpMethod.GET, "/api/recovery-tasks?state=awaiting_approval", new JsonObject())
        .getJsonArray("items")
        .stream()
        .map(JsonObject.class::cast)
        .findFirst();
  }

  private boolean healthy() {
    return vertx
        .eventBus()
        .<JsonObject>request("pgmedic.health", new JsonObject().put("target", "shop"))
        .await()
        .body()
        .getBoolean("healthy");
  }

  @Test
  void healTogetherAndTellAServiceThatKnowsTheEventsAlone() {
    // Given
    TestDatabases.run(url, "CREATE TABLE orders (id int)");
    List<String> deployed = deploy();
    await()
        .atMost(PATIENCE)
        .until(() ->
            TestDatabases.query(storeUrl, "SELECT 1 FROM pgmedic.baseline").size() == 1
                && healthy());

    // When
    TestDatabases.run(url, "DROP TABLE orders");
    await().atMost(PATIENCE).until(() -> waiting().isPresent());
    JsonObject task = waiting().orElseThrow();
    boolean before = healthy();
    JsonObject approved =
        ask(
            HttpMethod.POST,
            "/api/recovery-tasks/" + task.getString("id") + "/approve",
            new JsonObject()
                .put("plan_digest", task.getJsonObject("plan").getString("digest"))
                .put("accept_data_loss", true));

    // Then
    assertThat(deployed).doesNotHaveDuplicates();
    assertThat(before).isFalse();
    assertThat(approved.getString("state")).isEqualTo("approved");
    await().atMost(PATIENCE).until(() -> TestDatabases.query(url, tables()).contains("orders"));
    await()
        .atMost(PATIENCE)
        .until(() -> pages.stream().anyMatch(page -> page.contains("resolved")));
    assertThat(pages.get(0)).startsWith("shop: issue.opened: ").contains("orders");
  }

  private static String tables() {
    return "SELECT tablename FROM pg_tables WHERE schemaname = 'public'";
  }

  @Test
  void theServiceIsTheOneOfTheReadme() throws IOException {
    // Given
    Path root = Path.of(System.getProperty("pgmedic.root"));
    String source =
        Files.readString(root.resolve("cli/src/test/java/dev/pgmedic/example/Pager.java"));

    // When
    String shown = source.substring(source.indexOf("import "));

    // Then
    assertThat(Files.readString(root.resolve("README.md"))).contains("```java\n" + shown + "```");
  }
}
