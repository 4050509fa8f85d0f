package dev.pgmedic.cli;

import dev.pgmedic.cli.EventFrames.Frame;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The events of a server, over as many connections as it takes: each goes on behind the last frame
 * of the one before. Blocking.
 */
final class EventFeed {

  /** Three heartbeats of the server. */
  private static final Duration SILENCE = Duration.ofSeconds(45);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final ServerClient server;
  private final String path;
  private final Consumer<String> note;
  private volatile Optional<String> last;
  private boolean lost;

  /**
   * A feed.
   *
   * @param path of the stream, with its filters
   * @param cursor behind which it begins; without one it begins as the path says
   * @param note is told of connections that are lost and of those that are back
   */
  EventFeed(ServerClient server, String path, Optional<String> cursor, Consumer<String> note) {
    this.server = server;
    this.path = path;
    this.last = cursor;
    this.note = note;
  }

  /** Where to go on; empty before the first frame. */
  Optional<String> cursor() {
    return last;
  }

  /**
   * Hands frames on until somebody has had enough. A server that is lost is looked for again and
   * again, in pauses that grow to 30 s.
   *
   * @param more takes a frame, and says whether to go on
   * @throws ServerUnreachable when the server was not there in the first place
   * @throws dev.pgmedic.config.ConfigException when it refuses
   */
  void read(Predicate<Frame> more) {
    boolean wanted = follow(more);
    Duration pause = FIRST_PAUSE;
    while (wanted) {
      Optional<String> before = last;
      LockSupport.parkNanos(
          ThreadLocalRandom.current().nextLong(pause.toNanos() / 2, pause.toNanos()));
      wanted = followAgain(more);
      pause = last.equals(before) ? longer(pause) : FIRST_PAUSE;
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  private boolean followAgain(Predicate<Frame> more) {
    try {
      return follow(more);
    } catch (ServerUnreachable still) {
      return true;
    }
  }

  /** Reads one connection to its end; whether more is wanted. */
  private boolean follow(Predicate<Frame> more) {
    String why = "it ended";
    try (EventFrames frames = new EventFrames(server.stream(path, last, SILENCE))) {
      for (Optional<Frame> next = frames.next(); next.isPresent(); next = frames.next()) {
        found();
        boolean wanted = more.test(next.get());
        last = next.get().id().or(() -> last);
        if (!wanted) {
          return false;
        }
      }
    } catch (IOException e) {
      why = String.valueOf(e.getMessage());
    }
    lost = true;
    note.accept("the connection is lost (" + why + "); trying again");
    return true;
  }

  private void found() {
    if (lost) {
      lost = false;
      note.accept("the connection is back");
    }
  }
}
