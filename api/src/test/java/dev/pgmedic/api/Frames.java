package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.RecordParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A reader of the event stream, frame by frame. */
final class Frames implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 20;

  private final BlockingQueue<Frame> arrived = new LinkedBlockingQueue<>();
  private final BlockingQueue<Boolean> ended = new LinkedBlockingQueue<>();
  private final HttpClientResponse response;

  /** The lines of a frame, as they came. */
  record Frame(List<String> lines) {
    private Map<String, String> fields() {
      Map<String, String> fields = new LinkedHashMap<>();
      for (String line : lines) {
        assertThat(line).matches("(?s)(id|event|data): [^\r]+");
        String[] parts = line.split(": ", 2);
        String before = fields.put(parts[0], parts[1]);
        assertThat(before).as("one line each: %s", lines).isNull();
      }
      return fields;
    }

    String id() {
      return fields().get("id");
    }

    Optional<String> event() {
      return Optional.ofNullable(fields().get("event"));
    }

    JsonObject data() {
      return new JsonObject(fields().get("data"));
    }
  }

  private Frames(HttpClientResponse response) {
    this.response = response;
    List<String> lines = new ArrayList<>();
    RecordParser parser =
        RecordParser.newDelimited(
            "\n",
            line -> {
              if (line.length() > 0) {
                lines.add(line.toString());
              } else {
                arrived.add(new Frame(List.copyOf(lines)));
                lines.clear();
              }
            });
    response.handler(parser);
    response.endHandler(done -> ended.add(true));
    response.exceptionHandler(cut -> ended.add(true));
  }

  static Frames open(Service service, Call call) {
    return service
        .open(call.with("Accept", "text/event-stream"))
        .compose(request -> request.send().map(Frames::new))
        .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .await();
  }

  HttpClientResponse response() {
    return response;
  }

  /** The next frame. */
  @CanIgnoreReturnValue
  Frame next() throws InterruptedException {
    Frame frame = arrived.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(frame).as("a frame within %s s", PATIENCE_SECONDS).isNotNull();
    return frame;
  }

  /** The next frame that is an event. */
  @CanIgnoreReturnValue
  Frame nextEvent() throws InterruptedException {
    Frame frame = next();
    while (frame.event().isEmpty()) {
      frame = next();
    }
    return frame;
  }

  boolean ends() throws InterruptedException {
    return ended.poll(PATIENCE_SECONDS, TimeUnit.SECONDS) != null;
  }

  @Override
  public void close() {
    Future<Void> gone = response.request().connection().close();
    gone.timeout(PATIENCE_SECONDS, TimeUnit.SECONDS).await();
  }
}
