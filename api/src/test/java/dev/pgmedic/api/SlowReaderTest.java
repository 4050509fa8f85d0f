package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A reader that takes nothing is not served from memory for ever: it is dropped, and resumes. */
@Timeout(120)
class SlowReaderTest {

  private static final int EVENTS = 300;

  // More in all than the buffers of two sockets hold.
  private static final String FILL =
      """
      WITH head AS (UPDATE pgmedic.event_head SET last = last + %1$d)
      INSERT INTO pgmedic.event (sequence, type, target, subject, data)
      SELECT number, 'health.changed', 'shop', 'shop',
             jsonb_build_object('pad', repeat('x', 100000))
      FROM generate_series(1, %1$d) AS number
      """
          .formatted(EVENTS);

  private static final Pattern WHOLE =
      Pattern.compile("id: ([0-9a-f]{8}-(\\d+))\nevent: [^\n]+\ndata: [^\n]+\n\n");

  private final PostgresUrl url = TestDatabases.fresh();

  private static Socket ask(Service service) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(16 * 1024);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), service.port()));
    socket
        .getOutputStream()
        .write(
            "GET /api/events?after=beginning HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  // What arrived before the connection was cut, as far as whole frames came.
  private static List<String> taken(Socket socket) throws IOException {
    StringBuilder text = new StringBuilder();
    byte[] bytes = new byte[64 * 1024];
    try {
      int read = socket.getInputStream().read(bytes);
      while (read >= 0) {
        text.append(new String(bytes, 0, read, StandardCharsets.ISO_8859_1));
        read = socket.getInputStream().read(bytes);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
    List<String> ids = new ArrayList<>();
    Matcher frames = WHOLE.matcher(text);
    while (frames.find()) {
      ids.add(frames.group(1));
    }
    return ids;
  }

  private static List<String> rest(Service service, String last, int count)
      throws InterruptedException {
    List<String> ids = new ArrayList<>();
    Call resumed = Call.get("/api/events").with("Last-Event-ID", last);
    try (Frames frames = Frames.open(service, resumed)) {
      while (ids.size() < count) {
        ids.add(frames.nextEvent().id());
      }
    }
    return ids;
  }

  @Test
  void aReaderThatTakesNothingIsDroppedAndLosesNothing() throws IOException, InterruptedException {
    // Given
    Service.Setup setup =
        Service.Setup.of(Target.of("shop", TestDatabases.fresh()))
            .withStore(url)
            .withPatience(Duration.ofSeconds(8));
    try (Service service = new Service(setup)) {
      TestDatabases.run(url, FILL);

      // When
      try (Socket slow = ask(service)) {
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() ->
                service.send(Call.get("/metrics")).body().contains("pgmedic_event_streams 1.0"));
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() ->
                service.send(Call.get("/metrics")).body().contains("pgmedic_event_streams 0.0"));
        List<String> taken = taken(slow);
        List<String> rest = rest(service, taken.get(taken.size() - 1), EVENTS - taken.size());

        // Then
        assertThat(taken).hasSizeBetween(1, EVENTS - 1);
        List<String> all = new ArrayList<>(taken);
        all.addAll(rest);
        String epoch = taken.get(0).substring(0, 8);
        assertThat(all)
            .isEqualTo(IntStream.rangeClosed(1, EVENTS).mapToObj(i -> epoch + "-" + i).toList());
      }
    }
  }
}
