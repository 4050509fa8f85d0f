package dev.pgmedic.example;

import dev.pgmedic.event.Event;
import dev.pgmedic.event.EventFilter;
import dev.pgmedic.event.consumer.EventConsumer;
import dev.pgmedic.event.consumer.HttpEventHistory;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;

/** Pages somebody when a database breaks, and when it is well again. */
public final class Pager extends VerticleBase {

  private final URI pgmedic;
  private final String token;
  private final Consumer<String> page;

  public Pager(URI pgmedic, String token, Consumer<String> page) {
    this.pgmedic = pgmedic;
    this.token = token;
    this.page = page;
  }

  @Override
  public Future<?> start() {
    return EventConsumer.of(vertx, new HttpEventHistory(vertx, pgmedic, Optional.of(token)))
        .wanting(EventFilter.parse("", "issue.opened,issue.resolved"))
        .start(this::tell);
  }

  private Future<?> tell(Event event) {
    page.accept(event.target() + ": " + event.type() + ": " + event.data().getString("message"));
    return Future.succeededFuture();
  }
}
