package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.task.RecoveryTask;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no client sends on purpose is answered with a problem, and harms nobody. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RawRequestsTest {

  private static final int ANSWER_MILLIS = 20_000;

  private final BrokenShop shop = BrokenShop.healable();
  private final Service service = Service.of(shop.target());
  private RecoveryTask task;

  @BeforeAll
  void propose() {
    task = shop.propose(service);
  }

  @AfterAll
  void close() {
    service.close();
  }

  /** Sends bytes and reads until the other side has ended. */
  private String sent(String bytes, boolean andEnds) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      if (andEnds) {
        socket.shutdownOutput();
      }
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String filled(String request) {
    return request
        .replace("|", "\r\n")
        .replace("LONG", "x".repeat(10_000))
        .replace("APPROVE", "POST /api/recovery-tasks/" + task.id() + "/approve HTTP/1.1")
        .replace(
            "HEAD",
            "Host: localhost\r\n"
                + "Connection: close\r\n"
                + "Content-Type: application/json\r\n"
                + "Authorization: Bearer "
                + Service.APPROVER.secret())
        .replace("DIGEST", task.plan().digest());
  }

  private void assertStillWaits() {
    JsonObject now = service.send(Call.get("/api/recovery-tasks/" + task.id())).json();
    assertThat(now.getString("state")).isEqualTo("awaiting_approval");
    assertThat(now.getJsonArray("approvals")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense||",
        "GET /livez HTTP/1.1|Host: localhost|no colon||",
        "GET /livez HTTP/1.1|Host: localhost|X-Long: LONG||",
        "GET /LONG HTTP/1.1|Host: localhost||",
        "GET /livez HTTP/1.1|Host: local host|Connection: close||",
        "GET /livez HTTP/1.1|Connection: close||",
        "APPROVE|HEAD|Content-Length: -1||{}",
        "APPROVE|HEAD|Content-Length: many||{}",
        "APPROVE|HEAD|Content-Length: 5|Content-Length: 50||{}",
        "APPROVE|HEAD|Content-Length: 5|Transfer-Encoding: chunked||2|{}|0||",
      })
  void whatCannotBeReadIsAProblem(String request) throws IOException {
    // When
    String answer = sent(filled(request), false);

    // Then
    assertThat(answer).matches("(?s)HTTP/1\\.[01] 4.*").contains("application/problem+json");
    assertThat(answer).containsIgnoringCase("x-request-id").contains("\"request_id\"");
    assertStillWaits();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "APPROVE|HEAD|Content-Length: 500||{\"plan_digest\": \"DIGEST\", \"accept_data_loss\":"
            + " true}",
        "APPROVE|HEAD|Transfer-Encoding: chunked||40|{\"plan_digest\": \"DIGEST\"",
        "APPROVE|HEAD",
        "APPROVE|HEAD|Transfer-Encoding: chunked||zz|{}|0||",
        "APPROVE|HEAD|Transfer-Encoding: chunked||-1|{}|0||",
        "APPROVE|HEAD|Transfer-Encoding: chunked||ffffffffffffffff|{}|0||",
      })
  void whatEndsOrBreaksInTheMiddleDoesNothing(String request) throws IOException {
    // When
    String answer = sent(filled(request), true);

    // Then
    assertThat(answer).doesNotContain("HTTP/1.1 2", "HTTP/1.1 5");
    assertStillWaits();
  }

  @Test
  void aBodyThatIsNotUtf8IsRefused() throws IOException {
    // Given
    String body = "{\"plan_digest\": \"DIGEST\", \"comment\": \"\u00ff\u00fe\u00c0\u00af\"}";
    String request = filled("APPROVE|HEAD|Content-Length: ");
    String whole = filled(body);

    // When
    String answer = sent(request + whole.length() + "\r\n\r\n" + whole, false);

    // Then
    assertThat(answer).startsWith("HTTP/1.1 4").contains("application/problem+json");
    assertStillWaits();
  }
}
