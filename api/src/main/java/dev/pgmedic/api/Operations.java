package dev.pgmedic.api;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.pgmedic.api.Access.Need;
import dev.pgmedic.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/** What answers each operation of the contract. */
final class Operations {

  private final Map<String, Handler<RoutingContext>> handlers = new HashMap<>();

  /**
   * An answer.
   *
   * @param status the HTTP status
   * @param body written as JSON
   */
  record Answer(int status, Object body) {
    static Answer ok(Object body) {
      return new Answer(200, body);
    }
  }

  /** Answers an operation with JSON. A failure of the future becomes a problem. */
  @CanIgnoreReturnValue
  Operations answer(String operation, Function<RoutingContext, Future<Answer>> handler) {
    return raw(
        operation,
        context ->
            Future.succeededFuture(context)
                .compose(handler)
                .compose(answer -> write(context, answer))
                .onFailure(context::fail));
  }

  /** Runs what answers an operation. */
  void handle(String operation, RoutingContext context) {
    java.util.Objects.requireNonNull(handlers.get(operation)).handle(context);
  }

  /** Answers an operation in a form of its own. */
  @CanIgnoreReturnValue
  Operations raw(String operation, Handler<RoutingContext> handler) {
    handlers.put(operation, handler);
    return this;
  }

  private static Future<Void> write(RoutingContext context, Answer answer) {
    return context
        .response()
        .setStatusCode(answer.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(Json.write(answer.body()));
  }

  /**
   * Puts the handlers on the routes of the contract, each behind what its operation needs.
   *
   * @throws IllegalStateException when an operation of the contract has no handler or a handler has
   *     no operation
   */
  void mount(RouterBuilder builder, Access access) {
    TreeSet<String> unrouted = new TreeSet<>(handlers.keySet());
    for (OpenAPIRoute route : builder.getRoutes()) {
      String operation = route.getOperation().getOperationId();
      Handler<RoutingContext> handler = handlers.get(operation);
      if (handler == null) {
        throw new IllegalStateException("no handler for " + operation + " of the contract");
      }
      unrouted.remove(operation);
      // Also here: the guard goes by the path, and one that it reads otherwise must not get past.
      Need need = need(route.getOperation());
      route.addHandler(context -> access.check(context, need)).addHandler(handler);
    }
    if (!unrouted.isEmpty()) {
      throw new IllegalStateException("the contract has no operation " + unrouted);
    }
  }

  /**
   * Asks for a token before the body is looked at: whoever may not act learns nothing from
   * validation.
   */
  static Handler<RoutingContext> guard(OpenAPIContract contract, Access access) {
    return context -> {
      HttpServerRequest request = context.request();
      if (!readable(request)) {
        context.fail(Problem.badRequest("the URL: expected percent-encoded text without NUL"));
        return;
      }
      Operation operation = contract.findOperation(context.normalizedPath(), request.method());
      if (operation == null) {
        context.next();
        return;
      }
      access.check(context, need(operation));
    };
  }

  // PostgreSQL has no NUL in its texts.
  private static boolean readable(HttpServerRequest request) {
    try {
      return URLDecoder.decode(request.path(), StandardCharsets.UTF_8).indexOf(0) < 0
          && request.params().entries().stream()
              .noneMatch(parameter -> parameter.getValue().indexOf(0) >= 0);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Need need(Operation operation) {
    String role = operation.getOpenAPIModel().getString("x-pgmedic-role");
    return Need.valueOf(role.toUpperCase(Locale.ROOT));
  }
}
