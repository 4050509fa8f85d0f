package dev.pgmedic.monitor;

import dev.pgmedic.replay.Replayer;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Supplier;

/** Runs the replays of a node one after the other: each has a server of its own. */
final class ReplayQueue {

  private final Optional<Replayer> replayer;
  private final Queue<Supplier<Future<Void>>> waiting = new ArrayDeque<>();
  private boolean running;

  /** A queue for this replayer; without one nothing is replayed. */
  ReplayQueue(Optional<Replayer> replayer) {
    this.replayer = replayer;
  }

  Optional<Replayer> replayer() {
    return replayer;
  }

  /** Runs this when all that came before has ended. */
  void add(Supplier<Future<Void>> work) {
    waiting.add(work);
    next();
  }

  private void next() {
    if (running) {
      return;
    }
    Supplier<Future<Void>> work = waiting.poll();
    if (work != null) {
      running = true;
      work.get()
          .onComplete(done -> {
            running = false;
            next();
          });
    }
  }

  /** Forgets what has not begun. */
  void clear() {
    waiting.clear();
  }
}
