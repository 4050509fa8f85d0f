package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pgmedic.api.ApiOptions;
import dev.pgmedic.config.Config.Auth;
import dev.pgmedic.config.Config.Http;
import dev.pgmedic.config.ConfigException;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class NodeTest {

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl store = TestDatabases.fresh();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void aStoppedNodeLeavesNoVerticleAndNoSession() {
    // Given
    Node node = Node.start(vertx, store, parts(0)).await();
    int before = vertx.deploymentIDs().size();

    // When
    node.stop().await();

    // Then
    assertThat(before).isEqualTo(6);
    assertThat(vertx.deploymentIDs()).isEmpty();
    assertThat(catchThrowable(() -> node.store().ping().await())).isNotNull();
    assertThat(sessions()).isEmpty();
  }

  @Test
  void aNodeThatCannotListenLeavesNothingBehindEither() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // When
      Throwable error =
          catchThrowable(() -> Node.start(vertx, store, parts(taken.getLocalPort())).await());

      // Then
      assertThat(error).isInstanceOf(ConfigException.class).hasMessageContaining("cannot listen");
      assertThat(vertx.deploymentIDs()).isEmpty();
      assertThat(sessions()).isEmpty();
    }
  }

  private List<String> sessions() {
    return TestDatabases.query(
        store,
        "SELECT application_name FROM pg_stat_activity WHERE datname = current_database()"
            + " AND application_name LIKE 'pgmedic%'");
  }

  private static Node.Parts parts(int port) {
    return new Node.Parts(
        Node.Role.ALL,
        Map.of("shop", Target.of("shop", TestDatabases.fresh())),
        new ApiOptions(
            new Http("127.0.0.1", port, Set.of()), new Auth(Optional.empty(), List.of())),
        Node.Patience.DEFAULT);
  }
}
