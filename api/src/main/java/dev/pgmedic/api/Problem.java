package dev.pgmedic.api;

import dev.pgmedic.store.KeptAnswers.Answer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * An error as the API tells it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
 */
final class Problem extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String slug;

  private Problem(int status, String slug, String detail) {
    super(detail);
    this.status = status;
    this.slug = slug;
  }

  static Problem badRequest(String detail) {
    return new Problem(400, "bad-request", detail);
  }

  static Problem unauthorized(String detail) {
    return new Problem(401, "unauthorized", detail);
  }

  static Problem sessionEnded(String detail) {
    return new Problem(401, "session-ended", detail);
  }

  static Problem forbidden(String detail) {
    return new Problem(403, "forbidden", detail);
  }

  static Problem notFound(String detail) {
    return new Problem(404, "not-found", detail);
  }

  static Problem conflict(String slug, String detail) {
    return new Problem(409, slug, detail);
  }

  static Problem tooManyFailedLogins(String detail) {
    return new Problem(429, "too-many-failed-logins", detail);
  }

  static Problem unavailable(String detail) {
    return new Problem(503, "unavailable", detail);
  }

  /** What the monitor was asked for failed, or there is none. */
  static Problem noMonitor(Throwable error) {
    ReplyFailure why =
        error instanceof ReplyException reply
            ? reply.failureType()
            : ReplyFailure.RECIPIENT_FAILURE;
    return unavailable(
        switch (why) {
          case NO_HANDLERS -> "no monitor runs here: expected a node whose --roles have monitor";
          case TIMEOUT -> "the monitor has not answered yet: ask again, it may still be at work";
          default -> "the monitor could not do it: " + error.getMessage();
        });
  }

  static Problem of(int status, String slug, String detail) {
    return new Problem(status, slug, detail);
  }

  void write(RoutingContext context) {
    if (context.response().ended() || context.response().closed()) {
      return;
    }
    if (status == 401) {
      context.response().putHeader("WWW-Authenticate", "Bearer");
    }
    Answer answer = answer(RequestIds.of(context));
    context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType())
        .end(answer.body())
        .onFailure(context::fail);
  }

  /** As it is told to whoever sent the request with this id. */
  Answer answer(String requestId) {
    JsonObject body =
        new JsonObject()
            .put("type", "urn:pgmedic:problem:" + slug)
            .put("title", slug.replace('-', ' '))
            .put("status", status)
            .put("detail", getMessage())
            .put("request_id", requestId);
    return new Answer(status, "application/problem+json", Optional.empty(), body.encode());
  }

  /** Whether it is the request's own fault: asked again, it is refused again. */
  boolean isRefusal() {
    return status < 500;
  }
}
