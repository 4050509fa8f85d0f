package dev.pgmedic.api;

import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Reads what stands in a request's path and query. */
final class Query {

  private static final int DEFAULT_LIMIT = 100;

  private Query() {}

  static Optional<String> text(RoutingContext context, String name) {
    return Optional.ofNullable(context.request().getParam(name)).filter(text -> !text.isEmpty());
  }

  static <T> Optional<T> parsed(RoutingContext context, String name, Function<String, T> parser) {
    try {
      return text(context, name).map(parser);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest(name + ": " + e.getMessage());
    }
  }

  static int limit(RoutingContext context) {
    return parsed(context, "limit", Integer::valueOf).orElse(DEFAULT_LIMIT);
  }

  static Optional<UUID> after(RoutingContext context) {
    return parsed(context, "after", Query::place);
  }

  private static UUID place(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("expected next_after of the page before", e);
    }
  }

  /** The id in the path; what is no id is simply not found. */
  static UUID id(RoutingContext context, String what) {
    String text = context.pathParam("id");
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw notFound(what, text);
    }
  }

  static Problem notFound(String what, Object id) {
    return Problem.notFound("no " + what + " " + id);
  }
}
