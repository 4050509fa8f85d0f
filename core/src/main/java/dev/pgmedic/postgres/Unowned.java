package dev.pgmedic.postgres;

import io.vertx.core.Vertx;
import io.vertx.core.internal.CloseFuture;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Makes clients that the verticle which makes them does not own. Vert.x 5.0.10 keeps every client
 * of a verticle until that is undeployed, also one that was closed long ago: three kilobytes for
 * each session that a check ever had. Nobody closes such a client but whoever made it.
 */
final class Unowned {

  private Unowned() {}

  /** What is made, on the event loop that we are on. */
  static <T> T make(Vertx vertx, Supplier<T> client) {
    ContextInternal current = (ContextInternal) vertx.getOrCreateContext();
    ContextInternal own =
        ((VertxInternal) vertx)
            .contextBuilder()
            .withEventLoop(current.nettyEventLoop())
            .withCloseFuture(new CloseFuture())
            .build();
    AtomicReference<T> made = new AtomicReference<>();
    own.dispatch(none -> made.set(client.get()));
    return made.get();
  }
}
