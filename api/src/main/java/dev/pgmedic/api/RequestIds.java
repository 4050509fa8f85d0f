package dev.pgmedic.api;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Gives every request an id: its own, where that is plain and short, or a new one. */
final class RequestIds implements Handler<RoutingContext> {

  /** How log lines call it. */
  static final String KEY = "request_id";

  private static final String HEADER = "X-Request-Id";
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  @Override
  public void handle(RoutingContext context) {
    String id =
        Optional.ofNullable(context.request().getHeader(HEADER))
            .filter(given -> PLAIN.matcher(given).matches())
            .orElseGet(RequestIds::made);
    context.response().putHeader(HEADER, id);
    context.next();
  }

  private static String made() {
    return UUID.randomUUID().toString();
  }

  /** The id of a request. */
  static String of(RoutingContext context) {
    return of(context.response());
  }

  /** The id of the request that this answers, which is made where none was given. */
  static String of(HttpServerResponse response) {
    if (!response.headers().contains(HEADER)) {
      response.putHeader(HEADER, made());
    }
    return response.headers().get(HEADER);
  }
}
