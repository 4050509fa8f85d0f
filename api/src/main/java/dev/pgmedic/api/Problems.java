package dev.pgmedic.api;

import dev.pgmedic.store.TaskConflict;
import io.vertx.core.Handler;
import io.vertx.core.json.DecodeException;
import io.vertx.ext.web.RoutingContext;
import io.vertx.json.schema.JsonSchemaValidationException;
import io.vertx.openapi.validation.ValidatorException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns whatever failed into a problem that says what was expected. Anything unforeseen denies, and
 * is logged.
 */
final class Problems implements Handler<RoutingContext> {

  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  @Override
  public void handle(RoutingContext context) {
    if (context.response().ended() || context.response().closed()) {
      return; // whoever asked has left
    }
    of(context.failure(), context.statusCode()).write(context);
  }

  private static Problem of(Throwable failure, int status) {
    return switch (failure) {
      case null -> byStatus(status);
      case Problem problem -> problem;
      case TaskConflict conflict ->
          Problem.conflict(conflict.reason().slug(), String.valueOf(conflict.getMessage()));
      case ValidatorException invalid -> Problem.badRequest(text(invalid));
      case JsonSchemaValidationException invalid -> Problem.badRequest(text(invalid));
      case DecodeException malformed -> Problem.badRequest("the body is not JSON");
      default -> unforeseen(failure, status);
    };
  }

  private static String text(Throwable error) {
    Throwable cause = error.getCause();
    return error.getMessage()
        + (cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage());
  }

  private static Problem byStatus(int status) {
    return switch (status) {
      case 404 -> Problem.notFound("nothing is served at this path");
      case 405 -> Problem.of(405, "method-not-allowed", "expected another method for this path");
      case 413 -> Problem.of(413, "too-large", "the body is larger than 64 KiB");
      case 415 -> Problem.of(415, "unsupported-media-type", "expected application/json");
      default -> Problem.of(Math.max(400, status), "refused", "the request was refused");
    };
  }

  private static Problem unforeseen(Throwable failure, int status) {
    if (status >= 400 && status < 500) {
      return Problem.of(status, "bad-request", String.valueOf(failure.getMessage()));
    }
    LOG.atError()
        .setCause(failure)
        .log("A request failed; the caller was told 503, nothing was done");
    return Problem.unavailable("the store does not answer; nothing was done, try again");
  }
}
