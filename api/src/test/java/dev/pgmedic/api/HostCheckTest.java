package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A page in somebody's browser cannot reach the service by another name or from another origin. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostCheckTest {

  private final Service service = Service.of(Target.of("shop", TestDatabases.fresh()));

  @AfterAll
  void close() {
    service.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:5000",
        "127.0.0.1",
        "127.0.0.1:1",
        "[::1]",
        "[::1]:5000",
        "pgmedic.example",
        "PGMEDIC.example:443"
      })
  void anOwnNameIsServed(String host) {
    // When
    Reply reply = service.send(Call.get("/api/targets").with("Host", host));

    // Then
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:5000",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.2",
        "0.0.0.0",
        "pgmedic.example.evil.example",
        "localhost.",
        "localhost@evil.example",
        "[::ffff:127.0.0.1]"
      })
  void anotherNameIsRefused(String host) {
    // When
    Reply reply = service.send(Call.get("/api/targets").with("Host", host).as(Service.ADMIN));

    // Then
    assertThat(reply.status()).as(reply.body()).isIn(400, 403);
  }

  @Test
  void theProbesAreNoExceptionForAnotherName() {
    // When
    Reply reply = service.send(Call.get("/livez").with("Host", "evil.example"));

    // Then
    reply.problem(403);
  }

  @Test
  void aRequestWithoutAHostIsRefused() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
      // When
      socket
          .getOutputStream()
          .write("GET /api/targets HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

      // Then
      assertThat(answer).startsWith("HTTP/1.0 403");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:5000, http://localhost:5000",
    "localhost, http://localhost",
    "LocalHost:5000, http://localhost:5000",
    "pgmedic.example, http://pgmedic.example",
    "pgmedic.example, https://pgmedic.example",
    "pgmedic.example:443, https://pgmedic.example",
    "pgmedic.example:8443, https://pgmedic.example:8443",
    "[::1]:5000, http://[::1]:5000",
  })
  void theOwnOriginIsServed(String host, String origin) {
    // When
    Reply reply = service.send(Call.get("/api/targets").with("Host", host).with("Origin", origin));

    // Then
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:5000, http://evil.example",
    "localhost:5000, http://localhost:3000",
    "localhost:5000, http://localhost",
    "localhost:5000, http://127.0.0.1:5000",
    "pgmedic.example, http://localhost",
    "localhost:5000, null",
    "localhost:5000, ''",
    "localhost:5000, file://",
    "localhost:5000, ftp://localhost:5000",
    "localhost:5000, http://localhost:5000.evil.example",
    "localhost:5000, http://localhost:5000@evil.example",
    "localhost:5000, http://[::1",
  })
  void anotherOriginIsRefused(String host, String origin) {
    // When
    Reply reply =
        service.send(
            Call.get("/api/targets").with("Host", host).with("Origin", origin).as(Service.ADMIN));

    // Then
    reply.problem(403);
  }
}
