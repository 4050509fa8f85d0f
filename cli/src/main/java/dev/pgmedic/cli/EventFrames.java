package dev.pgmedic.cli;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads server-sent events. Blocking.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
 *     events</a>
 */
final class EventFrames implements Closeable {

  private final BufferedReader in;

  EventFrames(InputStream in) {
    this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  /**
   * One frame.
   *
   * @param id where to go on behind it
   * @param event what it tells of, such as {@code issue.opened}; empty in a heartbeat
   * @param data what there is to know about it; empty in a heartbeat
   */
  record Frame(Optional<String> id, String event, String data) {}

  /** The next frame, as soon as it is there whole; empty when the stream has ended. */
  Optional<Frame> next() throws IOException {
    Optional<String> id = Optional.empty();
    String event = "";
    List<String> data = new ArrayList<>();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.isEmpty()) {
        if (id.isPresent() || !data.isEmpty()) {
          return Optional.of(new Frame(id, event, String.join("\n", data)));
        }
        event = "";
        continue;
      }
      int colon = line.indexOf(':');
      String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
      switch (colon < 0 ? line : line.substring(0, colon)) {
        case "id" -> id = Optional.of(value);
        case "event" -> event = value;
        case "data" -> data.add(value);
        default -> {} // a comment, or a field that means nothing to us
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
