package dev.pgmedic.check;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Lets so much work through at once and no more; the rest waits its turn. Safe for many threads.
 */
public final class Turnstile {

  private final Queue<Promise<Void>> waiting = new ArrayDeque<>();
  private int free;

  /**
   * A turnstile.
   *
   * @param most how much work is let through at once; at least 1
   */
  public Turnstile(int most) {
    this.free = most;
  }

  /** Does the work when its turn comes. Completes as the work does. */
  public <T> Future<T> through(Supplier<Future<T>> work) {
    return turn().compose(mine -> work.get()).onComplete(done -> next());
  }

  private synchronized Future<Void> turn() {
    if (free > 0) {
      free--;
      return Future.succeededFuture();
    }
    Promise<Void> turn = Promise.promise(); // adapter: of a queue
    waiting.add(turn);
    return turn.future();
  }

  private void next() {
    Promise<Void> turn;
    synchronized (this) {
      if (waiting.isEmpty()) {
        free++;
        return;
      }
      turn = waiting.remove();
    }
    turn.complete();
  }
}
