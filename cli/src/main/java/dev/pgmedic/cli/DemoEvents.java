package dev.pgmedic.cli;

import dev.pgmedic.event.Addresses;
import dev.pgmedic.event.EventType;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The events of the demonstration, from the event bus, as a service of somebody else's would hear
 * them.
 */
final class DemoEvents {

  private final List<JsonObject> heard = new CopyOnWriteArrayList<>();
  private final List<Consumer<JsonObject>> listeners = new CopyOnWriteArrayList<>();

  DemoEvents(Vertx vertx) {
    vertx
        .eventBus()
        .<JsonObject>consumer(
            Addresses.EVENTS,
            message -> {
              heard.add(message.body());
              listeners.forEach(listener -> listener.accept(message.body()));
            });
  }

  void each(Consumer<JsonObject> listener) {
    listeners.add(listener);
  }

  /**
   * The first event of this kind, heard already or still to come; fails when none comes in time.
   */
  Future<JsonObject> next(EventType type, Predicate<JsonObject> wanted, long limitSeconds) {
    // adapter: messages of the bus become one future
    Promise<JsonObject> first = Promise.promise();
    Consumer<JsonObject> listener =
        event -> {
          if (event.getString("type").equals("dev.pgmedic." + type) && wanted.test(event)) {
            first.tryComplete(event);
          }
        };
    listeners.add(listener);
    heard.forEach(listener);
    return first.future().timeout(limitSeconds, TimeUnit.SECONDS);
  }
}
