package dev.pgmedic.api;

import dev.pgmedic.api.Operations.Answer;
import dev.pgmedic.store.Actor;
import dev.pgmedic.store.BrowserSessions;
import dev.pgmedic.store.Deed;
import dev.pgmedic.store.Deed.Action;
import dev.pgmedic.store.Store;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Locale;

/** Signs browsers in and out, so that no script of theirs has a token to keep. */
final class SessionOperations {

  private final Store store;
  private final Access access;

  SessionOperations(Store store, Access access) {
    this.store = store;
    this.access = access;
  }

  void addTo(Operations operations) {
    operations
        // Its answer is not kept for who asks again: the store has no cookie in clear.
        .raw("startSession", Operations.json(this::start))
        .raw("endSession", this::end);
  }

  /**
   * A session, as it is served to whoever starts it.
   *
   * @param name the token's name
   * @param role what they may do
   * @param idle when it ends that nobody uses
   * @param life when it ends in any case
   */
  private record View(String name, String role, Duration idle, Duration life) {
    static View of(Caller caller) {
      String role = caller.role().name().toLowerCase(Locale.ROOT);
      return new View(caller.name(), role, BrowserSessions.IDLE, BrowserSessions.LIFE);
    }
  }

  private Future<Answer> start(RoutingContext context) {
    String token = Access.bearer(context.request()).orElse("").strip();
    Caller caller = Access.caller(context);
    return new BrowserSessions(store.audited(deed(context, Action.SIGN_IN)))
        .open(token, SessionCookie.of(context.request()))
        .map(cookie -> {
          context.response().addCookie(SessionCookie.made(cookie, context.request()));
          return new Answer(201, View.of(caller));
        });
  }

  private void end(RoutingContext context) {
    SessionCookie.of(context.request())
        .map(cookie -> ended(context, cookie))
        .orElseGet(Future::succeededFuture)
        .compose(ended ->
            context
                .response()
                .addCookie(SessionCookie.none(context.request()))
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .setStatusCode(204)
                .end())
        .onFailure(context::fail);
  }

  private Future<Boolean> ended(RoutingContext context, String cookie) {
    return access
        .know(context, cookie)
        .compose(known ->
            known
                ? new BrowserSessions(store.audited(deed(context, Action.SIGN_OUT))).end(cookie)
                : Future.succeededFuture(false));
  }

  private static Deed deed(RoutingContext context, Action action) {
    Actor actor = Access.actor(context, new JsonObject());
    return new Deed(actor, action, "", actor.name(), "", "");
  }
}
