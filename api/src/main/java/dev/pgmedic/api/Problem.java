package dev.pgmedic.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

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

  static Problem forbidden(String detail) {
    return new Problem(403, "forbidden", detail);
  }

  static Problem notFound(String detail) {
    return new Problem(404, "not-found", detail);
  }

  static Problem conflict(String slug, String detail) {
    return new Problem(409, slug, detail);
  }

  static Problem unavailable(String detail) {
    return new Problem(503, "unavailable", detail);
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
    context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
        .end(
            new JsonObject()
                .put("type", "urn:pgmedic:problem:" + slug)
                .put("title", slug.replace('-', ' '))
                .put("status", status)
                .put("detail", getMessage())
                .toBuffer())
        .onFailure(context::fail);
  }
}
