package dev.pgmedic.api;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.pgmedic.api.Repeats.Told;
import dev.pgmedic.json.Json;
import dev.pgmedic.store.KeptAnswers;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/** What answers each operation of the contract. */
final class Operations {

  private final Map<String, Handler<RoutingContext>> handlers = new HashMap<>();
  private final Repeats repeats;

  /** None yet. */
  Operations(Repeats repeats) {
    this.repeats = repeats;
  }

  /**
   * An answer.
   *
   * @param status the HTTP status
   * @param body written as JSON
   * @param tag the entity tag of what is served; absent where it has none
   * @param again what is kept for whoever asks again with the same key; absent where that is the
   *     body
   */
  record Answer(int status, Object body, Optional<String> tag, Optional<Object> again) {
    Answer(int status, Object body, Optional<String> tag) {
      this(status, body, tag, Optional.empty());
    }

    Answer(int status, Object body) {
      this(status, body, Optional.empty());
    }

    private Told told() {
      return new Told(written(body), written(again.orElse(body)));
    }

    private KeptAnswers.Answer written(Object what) {
      return new KeptAnswers.Answer(status, "application/json", tag, Json.write(what));
    }

    static Answer ok(Object body) {
      return new Answer(200, body);
    }
  }

  /**
   * Answers an operation with JSON. A failure of the future becomes a problem; what changes
   * something is done once for each key that comes with it.
   */
  @CanIgnoreReturnValue
  Operations answer(String operation, Function<RoutingContext, Future<Answer>> handler) {
    return raw(
        operation,
        sending(context ->
            context.request().method().equals(HttpMethod.POST)
                ? repeats.once(context, () -> written(context, handler))
                : written(context, handler).map(Told::first)));
  }

  /** Answers with JSON what changes nothing. A failure of the future becomes a problem. */
  static Handler<RoutingContext> json(Function<RoutingContext, Future<Answer>> handler) {
    return sending(context -> written(context, handler).map(Told::first));
  }

  private static Handler<RoutingContext> sending(
      Function<RoutingContext, Future<KeptAnswers.Answer>> answers) {
    return context ->
        Future.succeededFuture(context)
            .compose(answers)
            .compose(answer -> write(context, answer))
            .onFailure(context::fail);
  }

  private static Future<Told> written(
      RoutingContext context, Function<RoutingContext, Future<Answer>> handler) {
    return Future.succeededFuture(context).compose(handler).map(Answer::told);
  }

  /** Runs what answers an operation. */
  void handle(String operation, RoutingContext context) {
    Objects.requireNonNull(handlers.get(operation)).handle(context);
  }

  /** Answers an operation in a form of its own. */
  @CanIgnoreReturnValue
  Operations raw(String operation, Handler<RoutingContext> handler) {
    handlers.put(operation, handler);
    return this;
  }

  private static Future<Void> write(RoutingContext context, KeptAnswers.Answer answer) {
    answer.tag().ifPresent(tag -> context.response().putHeader(HttpHeaders.ETAG, tag));
    if (context.request().method().equals(HttpMethod.GET)
        && answer.tag().filter(tag -> TaskTag.isKnown(context, tag)).isPresent()) {
      return context.response().setStatusCode(304).end();
    }
    return context
        .response()
        .setStatusCode(answer.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType())
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(answer.body());
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
      Need need = Need.of(route.getOperation());
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
      Mistakes.inRequestFor(operation, context);
      access.check(context, Need.of(operation));
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
}
