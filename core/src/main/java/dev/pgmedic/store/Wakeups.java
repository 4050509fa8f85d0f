package dev.pgmedic.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.pubsub.PgSubscriber;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls listeners soon after an event was committed anywhere. A call may be lost, so listeners look
 * by themselves from time to time too.
 */
public final class Wakeups {

  private static final long RECONNECT_MILLIS = 500;

  private final PgSubscriber subscriber;
  private final List<Runnable> listeners = new ArrayList<>();

  Wakeups(Vertx vertx, PgConnectOptions options) {
    subscriber = PgSubscriber.subscriber(vertx, options);
    subscriber.reconnectPolicy(attempt -> RECONNECT_MILLIS);
  }

  /** Adds a listener; called before {@link #start}. It runs on an event loop and must not block. */
  public Wakeups wake(Runnable listener) {
    listeners.add(listener);
    return this;
  }

  /**
   * Starts to listen. Completes when the first connection listens; fails when it cannot be made.
   */
  public Future<Void> start() {
    subscriber
        .channel(Store.CHANNEL)
        .handler(payload -> {
          for (Runnable listener : listeners) {
            listener.run();
          }
        });
    return subscriber.connect();
  }

  /** Stops to listen. */
  public Future<Void> close() {
    return subscriber.close();
  }
}
