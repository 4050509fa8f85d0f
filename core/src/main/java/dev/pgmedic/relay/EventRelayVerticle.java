package dev.pgmedic.relay;

import dev.pgmedic.event.Addresses;
import dev.pgmedic.event.Cursor;
import dev.pgmedic.event.Event;
import dev.pgmedic.event.EventFilter;
import dev.pgmedic.store.Outage;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Wakeups;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Publishes every committed event at {@link Addresses#EVENTS} and at its type's own address, in the
 * order of the log. Deploy one in each Vert.x that shall hear them. Starts with the events that are
 * committed after it; the bus may lose or repeat, and the cursor in each message's header fetches
 * what was missed.
 */
public final class EventRelayVerticle extends VerticleBase {

  /** NOTIFY may get lost with its connection: the log is looked at this often in any case. */
  private static final long POLL_MILLIS = 1_000;

  private static final int BATCH = 200;

  private final Store store;
  private final Wakeups wakeups;
  private Cursor sent = new Cursor("00000000", 0);
  private final Outage outage =
      new Outage(
          LoggerFactory.getLogger(EventRelayVerticle.class),
          "no event reaches the bus until it does; none is lost, and it is asked every second");
  private boolean reading;
  private boolean again;
  private boolean stopped;

  /** A relay from this store. */
  public EventRelayVerticle(Store store) {
    this.store = store;
    this.wakeups = store.wakeups();
  }

  @Override
  public Future<?> start() {
    return store
        .events()
        .bounds()
        .compose(bounds -> {
          sent = bounds.newest();
          vertx.setPeriodic(POLL_MILLIS, tick -> look());
          return wakeups.wake(() -> context.runOnContext(woken -> look())).start();
        });
  }

  private void look() {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    again = false;
    store
        .events()
        .read(sent, EventFilter.ALL, BATCH)
        .onComplete(read -> {
          reading = false;
          if (stopped) {
            return;
          }
          if (read.failed()) {
            outage.goesOn(read.cause());
          } else {
            outage.over();
            publish(read.result().events());
            sent = read.result().reached();
            if (again || read.result().events().size() == BATCH) {
              look();
            }
          }
        });
  }

  private void publish(List<Event> events) {
    for (Event event : events) {
      JsonObject cloudEvent = event.toCloudEvent();
      DeliveryOptions headers =
          new DeliveryOptions()
              .addHeader(Addresses.HEADER_TARGET, event.target())
              .addHeader(Addresses.HEADER_TYPE, event.type().toString())
              .addHeader(Addresses.HEADER_CURSOR, event.cursor().toString());
      vertx.eventBus().publish(Addresses.EVENTS, cloudEvent, headers);
      vertx.eventBus().publish(Addresses.events(event.type()), cloudEvent.copy(), headers);
    }
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    return wakeups.close();
  }
}
