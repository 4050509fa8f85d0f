package dev.pgmedic.postgres;

import io.vertx.core.Vertx;
import io.vertx.core.internal.CloseFuture;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Makes clients that the verticle which makes them does not own. Vert.x 5.0.10 keeps every client
 * of a verticle until that is undeployed, also one that was closed long ago: three kilobytes for
 * each session that a check ever had. Nobody closes such a client but whoever made it.
 */
final class Unowned {

  private Unowned() {}

  /** What is made. It works on the contexts of those who use it. */
  static <T> T make(Vertx vertx, Supplier<T> client) {
    ContextInternal own =
        ((VertxInternal) vertx).contextBuilder().withCloseFuture(new CloseFuture()).build();
    AtomicReference<T> made = new AtomicReference<>();
    own.dispatch(none -> made.set(client.get()));
    return Objects.requireNonNull(made.get());
  }
}
