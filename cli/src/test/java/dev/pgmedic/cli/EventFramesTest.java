package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.cli.EventFrames.Frame;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventFramesTest {

  private static List<Frame> read(String stream) throws IOException {
    List<Frame> all = new ArrayList<>();
    try (EventFrames frames =
        new EventFrames(new ByteArrayInputStream(stream.getBytes(StandardCharsets.UTF_8)))) {
      for (Optional<Frame> next = frames.next(); next.isPresent(); next = frames.next()) {
        all.add(next.get());
      }
    }
    return all;
  }

  @Test
  void eventsHeartbeatsAndCommentsAreToldApart() throws IOException {
    // When
    List<Frame> frames =
        read(": hello\n\nid: a-1\n\nid: a-2\nevent: issue.opened\ndata: {\"é\":\ndata:1}\n\n");

    // Then
    assertThat(frames)
        .containsExactly(
            new Frame(Optional.of("a-1"), "", ""),
            new Frame(Optional.of("a-2"), "issue.opened", "{\"é\":\n1}"));
  }

  @Test
  void linesMayEndAsOnAnySystemAndFieldsMayBeUnknown() throws IOException {
    // When
    List<Frame> frames = read("retry: 5\r\nevent: stale\r\nid: a-1\r\ndata: {}\r\nodd\r\n\r\n");

    // Then
    assertThat(frames).containsExactly(new Frame(Optional.of("a-1"), "stale", "{}"));
  }

  @Test
  void whatIsNotWholeWhenTheStreamEndsIsNoFrame() throws IOException {
    // When
    List<Frame> frames = read("id: a-1\n\nid: a-2\nevent: issue.opened\ndata: {}\n");

    // Then
    assertThat(frames).extracting(Frame::id).containsExactly(Optional.of("a-1"));
  }
}
