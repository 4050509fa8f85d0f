package dev.pgmedic.delivery;

import static dev.pgmedic.delivery.Sending.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.store.Deliveries.Delivery;
import dev.pgmedic.testing.RealTool;
import dev.pgmedic.webhook.AddressRange;
import dev.pgmedic.webhook.OpenAddresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A webhook knocks at no door inside, whatever its name means by the time that it is called. */
@Timeout(120)
class WebhookAddressTest {

  private static final OpenAddresses PUBLIC = new OpenAddresses(List.of());

  private final Vertx vertx = Vertx.vertx();
  private final Sending sending = new Sending(vertx);
  @TempDir private Path folder;

  @AfterEach
  void close() {
    vertx.close().await();
  }

  // Each question gets the next answer, and the last one for ever.
  private static Resolver answers(String... addresses) {
    Deque<String> left = new ArrayDeque<>(List.of(addresses));
    return host -> {
      try {
        String address = left.size() > 1 ? left.removeFirst() : left.getFirst();
        return Future.succeededFuture(List.of(InetAddress.getByName(address)));
      } catch (UnknownHostException e) {
        return Future.failedFuture(e);
      }
    };
  }

  private Delivery tried(UUID webhook) {
    until(() -> sending.deliveries(webhook).get(0).attempts() >= 1);
    return sending.deliveries(webhook).get(0);
  }

  @Test
  void aPrivateAddressIsSentToWhereTheConfigurationNamesItAlone() {
    // Given
    Receiver receiver = new Receiver(vertx).up();
    UUID webhook = sending.webhook(receiver.url());
    String closed = sending.node(PUBLIC, Optional.empty());
    sending.write("shop", 1);
    Delivery refused = tried(webhook);
    vertx.undeploy(closed).await();
    int before = receiver.taken().size();

    // When
    sending.later(java.time.Duration.ofMinutes(5));
    sending.node();
    until(() -> receiver.taken().size() >= sending.ids().size());

    // Then
    assertThat(before).isZero();
    assertThat(refused.lastError().orElseThrow()).contains("127.0.0.1", "webhooks.allow");
  }

  @Test
  void aNameThatMeansAnotherAddressAMomentLaterLeadsNowhereElse() {
    // Given: at the second question it would be closed, and a connection by name would ask again
    Receiver receiver = new Receiver(vertx).up();
    UUID webhook = sending.webhook("http://hooks.example:" + receiver.port() + "/a");
    OpenAddresses open = new OpenAddresses(List.of(AddressRange.parse("127.0.0.1")));
    sending.node(open, Optional.of(answers("127.0.0.1", "10.9.8.7")));

    // When
    sending.write("shop", 1);
    until(() -> sending.deliveries(webhook).get(1).attempts() >= 1);

    // Then
    assertThat(receiver.taken()).hasSize(1);
    assertThat(receiver.taken().get(0).headers().get("Host"))
        .isEqualTo("hooks.example:" + receiver.port());
    assertThat(sending.deliveries(webhook).get(1).lastError().orElseThrow()).contains("10.9.8.7");
  }

  @Test
  void aRedirectIsNotFollowed() {
    // Given
    Receiver receiver = new Receiver(vertx).up();
    receiver.answers(302);
    UUID webhook = sending.webhook(receiver.url());
    sending.node();

    // When
    sending.write("shop", 1);
    Delivery refused = tried(webhook);

    // Then
    assertThat(refused.state()).isEqualTo("pending");
    assertThat(refused.lastError().orElseThrow()).contains("302", "not followed");
    assertThat(receiver.taken())
        .allSatisfy(request -> assertThat(request.path()).startsWith("/hook"));
  }

  @Test
  void tlsIsAskedForTheNameThoughTheAddressIsConnectedTo() {
    // Given
    String keys = folder.resolve("keys.p12").toString();
    RealTool.run(
            folder,
            Map.of(),
            Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
            "-genkeypair",
            "-keyalg",
            "EC",
            "-alias",
            "hooks",
            "-dname",
            "CN=hooks.example",
            "-ext",
            "san=dns:hooks.example",
            "-storetype",
            "PKCS12",
            "-keystore",
            keys,
            "-storepass",
            "changeit")
        .succeeded();
    PfxOptions pair = new PfxOptions().setPath(keys).setPassword("changeit");
    Receiver receiver =
        new Receiver(
                vertx, new HttpServerOptions().setSsl(true).setSni(true).setKeyCertOptions(pair))
            .up();
    UUID right = sending.webhook("https://hooks.example:" + receiver.port() + "/a");
    sending.node(
        Sending.LOOPBACK,
        Optional.of(answers("127.0.0.1")),
        new HttpClientOptions().setTrustOptions(pair));

    // When
    sending.write("shop", 1);
    until(() -> !sending.states(right).contains("pending"));

    // Then
    assertThat(receiver.taken())
        .hasSize(sending.ids().size())
        .allSatisfy(request -> assertThat(request.serverName()).contains("hooks.example"));
  }
}
