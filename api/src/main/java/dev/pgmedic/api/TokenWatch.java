package dev.pgmedic.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Ends what lasts, such as an event stream, when whoever asked for it would be refused now: their
 * token was revoked, has expired or is gone. Requests with the same token are asked about once.
 * While the store does not answer nobody is ended, and nothing new comes from it either. Belongs to
 * one event loop.
 */
final class TokenWatch {

  /** What lasts outlives its token by this, and by the time that the store takes to answer. */
  static final Duration EVERY = Duration.ofSeconds(2);

  /** For whoever reads it: the next request is told 401. */
  static final String ENDED = "the token that this was asked for with is good no more";

  private final Function<HttpServerRequest, Future<Boolean>> isGood;
  private final Map<String, Lasting> lasting = new HashMap<>();
  private boolean looking;

  /**
   * Watches nobody yet.
   *
   * @param isGood whether the token of a request is good now; fails where nobody knows
   */
  TokenWatch(Function<HttpServerRequest, Future<Boolean>> isGood) {
    this.isGood = isGood;
  }

  /**
   * What lasts for one token.
   *
   * @param request one that carried it
   * @param ends each ends one
   */
  private record Lasting(HttpServerRequest request, Set<Runnable> ends) {}

  /**
   * Watches the token of a request, until what is returned is run.
   *
   * @param end runs once, when the token is good no more; never where nobody said who they are
   */
  Runnable watch(RoutingContext context, Runnable end) {
    if (Access.asker(context).isEmpty()) {
      return () -> {};
    }
    String key = key(context.request());
    lasting
        .computeIfAbsent(key, token -> new Lasting(context.request(), new HashSet<>()))
        .ends()
        .add(end);
    return () -> forget(key, end);
  }

  // All by which a request says who sent it.
  private static String key(HttpServerRequest request) {
    return request.getHeader(HttpHeaders.AUTHORIZATION)
        + "\n"
        + request.getHeader(HttpHeaders.COOKIE);
  }

  private void forget(String key, Runnable end) {
    Lasting same = lasting.get(key);
    if (same != null && same.ends().remove(end) && same.ends().isEmpty()) {
      lasting.remove(key);
    }
  }

  /**
   * What a request waits for; fails with 401 as soon as its token is good no more, and what it
   * waited for ends by itself.
   */
  <T> Future<T> during(RoutingContext context, Future<T> work) {
    // adapter: of whichever comes first
    Promise<T> first = Promise.promise();
    Runnable forget = watch(context, () -> first.tryFail(Problem.unauthorized(ENDED)));
    work.onComplete(done -> {
      forget.run();
      if (done.succeeded()) {
        first.tryComplete(done.result());
      } else {
        first.tryFail(done.cause());
      }
    });
    return first.future();
  }

  /** Asks about each token, one after the other, and ends what has lasted too long. */
  void look() {
    if (looking) {
      return;
    }
    looking = true;
    Future<?> looked = Future.succeededFuture();
    for (String key : List.copyOf(lasting.keySet())) {
      looked = looked.compose(before -> look(key));
    }
    looked.onComplete(done -> looking = false);
  }

  private Future<?> look(String key) {
    Lasting asked = lasting.get(key);
    return asked == null
        ? Future.succeededFuture()
        : isGood
            .apply(asked.request())
            .onSuccess(good -> {
              if (!good) {
                end(key);
              }
            })
            .otherwise(true); // nobody knows, and the others are asked about all the same
  }

  private void end(String key) {
    Lasting over = lasting.remove(key);
    if (over != null) {
      over.ends().forEach(Runnable::run);
    }
  }
}
