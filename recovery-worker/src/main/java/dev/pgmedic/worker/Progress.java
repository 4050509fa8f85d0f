package dev.pgmedic.worker;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Function;
import java.util.function.Supplier;

/** Tells of long work while it goes on, and is never in its way. */
final class Progress {

  private final Vertx vertx;
  private final long everyMillis;
  private final Supplier<Future<String>> look;
  private final Function<String, Future<Void>> tell;
  private Future<Void> telling = Future.succeededFuture();
  private String told = "";
  private boolean over;

  /**
   * What tells of work.
   *
   * @param everyMillis from one look to the next
   * @param look what the work says of itself; empty when nothing
   * @param tell takes what is new; it does not matter if it fails
   */
  Progress(
      Vertx vertx,
      long everyMillis,
      Supplier<Future<String>> look,
      Function<String, Future<Void>> tell) {
    this.vertx = vertx;
    this.everyMillis = everyMillis;
    this.look = look;
    this.tell = tell;
  }

  /** Does the work. Completes as it does, and waits for no look that is still under way. */
  <T> Future<T> during(Supplier<Future<T>> work) {
    long timer = vertx.setPeriodic(everyMillis, tick -> tick());
    return Future.succeededFuture()
        .compose(begun -> work.get())
        .onComplete(ended -> {
          over = true;
          vertx.cancelTimer(timer);
        });
  }

  private void tick() {
    if (!telling.isComplete()) {
      return;
    }
    telling =
        look.get()
            .compose(said -> {
              if (over || said.isEmpty() || said.equals(told)) {
                return Future.<Void>succeededFuture();
              }
              told = said;
              return tell.apply(said);
            })
            .otherwiseEmpty();
  }
}
