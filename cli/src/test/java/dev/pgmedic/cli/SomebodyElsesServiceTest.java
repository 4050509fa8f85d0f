package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.api.ApiOptions;
import dev.pgmedic.config.Config.Auth;
import dev.pgmedic.config.Config.Http;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A service in the same Vert.x that knows the event bus and the addresses, and no class of
 * pgmedic's.
 */
@Timeout(90)
class SomebodyElsesServiceTest {

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  /** Written as a user would write it: vertx-core alone. */
  private static final class Listener extends VerticleBase {

    private final List<String> heard = new CopyOnWriteArrayList<>();

    @Override
    public Future<?> start() {
      return vertx
          .eventBus()
          .<JsonObject>consumer(
              "pgmedic.events.health.changed",
              message -> {
                JsonObject report = message.body().getJsonObject("data");
                heard.add(
                    message.headers().get("type")
                        + " "
                        + message.headers().get("target")
                        + " "
                        + report.getBoolean("healthy"));
              })
          .completion();
    }

    private Future<Boolean> healthy() {
      return vertx
          .eventBus()
          .<JsonObject>request("pgmedic.health", new JsonObject().put("target", "shop"))
          .map(reply -> reply.body().getBoolean("healthy"));
    }
  }

  @Test
  void hearsTheHealthEventsOfAnIncident() {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    PostgresUrl store = TestDatabases.fresh();
    TestDatabases.run(url, "CREATE TABLE orders (id int)");
    Listener listener = new Listener();
    String deployment = vertx.deployVerticle(listener).await();
    Node node = Node.start(vertx, store, parts(url)).await();
    await().until(() -> !TestDatabases.query(store, "SELECT 1 FROM pgmedic.baseline").isEmpty());

    // When
    TestDatabases.run(url, "DROP TABLE orders");

    // Then
    await().until(() -> listener.heard.contains("health.changed shop false"));
    assertThat(listener.heard.get(0)).isEqualTo("health.changed shop true");
    assertThat(listener.healthy().await()).isFalse();
    assertThat(deployment).isNotEmpty();
    node.stop().await();
  }

  private static Node.Parts parts(PostgresUrl url) {
    Target plain = Target.of("shop", url);
    Target fast =
        new Target(
            plain.name(),
            plain.url(),
            plain.labels(),
            plain.migrations(),
            plain.expect(),
            plain.recovery(),
            Duration.ofMillis(200),
            plain.deadlines());
    return new Node.Parts(
        Node.Role.ALL,
        Map.of("shop", fast),
        new ApiOptions(
            new Http("127.0.0.1", 0, java.util.Set.of()), new Auth(Optional.empty(), List.of())),
        Node.Patience.DEFAULT);
  }
}
