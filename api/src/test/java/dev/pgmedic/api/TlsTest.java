package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pgmedic.config.Config.Auth;
import dev.pgmedic.config.Config.Http;
import dev.pgmedic.config.Config.Tls;
import dev.pgmedic.store.Store;
import dev.pgmedic.testing.TestCertificate;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API proves who it is, and says nothing to whoever does not ask for it. */
@Timeout(120)
class TlsTest {

  private final Vertx vertx = Vertx.vertx();
  private final Store store = Store.open(vertx, TestDatabases.fresh()).await();

  @TempDir private Path folder;
  private TestCertificate certificate;

  @BeforeEach
  void certify() throws Exception {
    certificate = TestCertificate.of(folder, "dns:localhost");
  }

  @AfterEach
  void close() {
    store.close().await();
    vertx.close().await();
  }

  private int listening(Tls tls) {
    Http http = new Http("127.0.0.1", 0, Set.of(), Optional.of(tls));
    ApiVerticle api =
        new ApiVerticle(
            store, Map.of(), new ApiOptions(http, new Auth(Optional.empty(), List.of())));
    return vertx.deployVerticle(api).map(deployed -> api.port()).await();
  }

  private int listening() {
    return listening(new Tls(certificate.certificate(), certificate.key()));
  }

  private HttpClientOptions trusting() {
    return new HttpClientOptions()
        .setSsl(true)
        .setTrustOptions(new PemTrustOptions().addCertPath(certificate.certificate().toString()));
  }

  private int status(HttpClientOptions options, String host, int port) {
    HttpClient client = vertx.createHttpClient(options);
    return client
        .request(HttpMethod.GET, port, host, "/livez")
        .compose(request -> request.send())
        .compose(response -> response.end().map(response))
        .map(HttpClientResponse::statusCode)
        .timeout(20, TimeUnit.SECONDS)
        .eventually(client::close)
        .await();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void whoeverTrustsTheCertificateIsAnswered(String version) {
    // Given
    int port = listening();

    // When
    int status =
        status(trusting().setEnabledSecureTransportProtocols(Set.of(version)), "localhost", port);

    // Then
    assertThat(status).isEqualTo(200);
  }

  @Test
  void aCertificateForAnotherHostAndOneThatNobodyKnowsAreNotTaken() {
    // Given
    int port = listening();

    // When
    Throwable otherHost = catchThrowable(() -> status(trusting(), "127.0.0.1", port));
    Throwable unknown =
        catchThrowable(() -> status(new HttpClientOptions().setSsl(true), "localhost", port));

    // Then
    assertThat(otherHost).isInstanceOf(SSLException.class).hasStackTraceContaining("127.0.0.1");
    assertThat(unknown).isInstanceOf(SSLException.class);
  }

  @Test
  void plainHttpIsNotAnswered() {
    // Given
    int port = listening();

    // When
    Throwable plain = catchThrowable(() -> status(new HttpClientOptions(), "localhost", port));

    // Then
    assertThat(plain).isInstanceOf(HttpClosedException.class);
  }

  @Test
  void aKeyThatIsNoneKeepsItFromStarting() throws IOException {
    // Given
    Path key = Files.writeString(folder.resolve("other.key"), "nonsense");

    // When
    Throwable refused = catchThrowable(() -> listening(new Tls(certificate.certificate(), key)));

    // Then
    assertThat(refused).isNotNull();
  }
}
