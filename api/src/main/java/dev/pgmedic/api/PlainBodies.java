package dev.pgmedic.api;

import dev.pgmedic.json.JsonNames;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * Refuses a body that names a field twice: what was looked at on its way here may be another value
 * than the one that counts.
 */
final class PlainBodies implements Handler<RoutingContext> {

  @Override
  public void handle(RoutingContext context) {
    Optional<String> twice =
        Optional.ofNullable(context.body().buffer())
            .map(Buffer::toString)
            .flatMap(JsonNames::twice);
    if (twice.isPresent()) {
      context.fail(Problem.badRequest("the body: expected " + twice.get() + " once"));
    } else {
      context.next();
    }
  }
}
