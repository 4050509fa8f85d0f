package dev.pgmedic.api;

import dev.pgmedic.store.TaskConflict;
import io.vertx.core.Handler;
import io.vertx.core.json.DecodeException;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import io.vertx.json.schema.JsonSchemaValidationException;
import io.vertx.openapi.validation.ValidatorException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
    of(context).write(context);
  }

  private static Problem of(RoutingContext context) {
    Throwable failure = cause(context.failure());
    int status = context.statusCode();
    if (failure == null) {
      return byStatus(status);
    }
    return mistake(context, failure)
        .or(() -> foreseen(failure))
        .orElseGet(() -> unforeseen(context, failure, status));
  }

  private static Optional<Problem> mistake(RoutingContext context, Throwable failure) {
    return failure instanceof ValidatorException invalid
        ? Mistakes.of(context, invalid)
        : Optional.empty();
  }

  /** The problem that a failure is; empty where it is none that anybody thought of. */
  static Optional<Problem> foreseen(Throwable failure) {
    return Optional.ofNullable(
        switch (failure) {
          case Problem problem -> problem;
          case TaskConflict conflict ->
              Problem.of(
                  conflict.reason() == TaskConflict.Reason.CHANGED ? 412 : 409,
                  conflict.reason().slug(),
                  String.valueOf(conflict.getMessage()));
          case ValidatorException invalid -> Problem.badRequest(text(invalid));
          case JsonSchemaValidationException invalid -> Problem.badRequest(text(invalid));
          case DecodeException malformed -> Problem.badRequest("the body: expected JSON");
          default -> null;
        });
  }

  // The router says no more than the name of the status.
  private static @Nullable Throwable cause(@Nullable Throwable failure) {
    return failure instanceof HttpException refused && refused.getCause() != null
        ? refused.getCause()
        : failure;
  }

  private static String text(Throwable error) {
    Throwable cause = error.getCause();
    return error.getMessage()
        + (cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage());
  }

  private static Problem byStatus(int status) {
    return switch (status) {
      case 404 ->
          Problem.notFound("nothing is served at this path; /api/openapi.yaml names what is");
      case 413 -> Problem.of(413, "too-large", "the body: expected at most 64 KiB");
      case 415 ->
          Problem.of(415, "unsupported-media-type", "Content-Type: expected application/json");
      default -> Problem.of(Math.max(400, status), "refused", "the request was refused");
    };
  }

  private static Problem unforeseen(RoutingContext context, Throwable failure, int status) {
    if (status >= 400 && status < 500) {
      return Problem.of(status, "bad-request", String.valueOf(failure.getMessage()));
    }
    if (!context.request().isEnded()) {
      LOG.atDebug()
          .addKeyValue(RequestIds.KEY, RequestIds.of(context))
          .setCause(failure)
          .log("The body of a request could not be read");
      return Problem.badRequest("the body: expected what its length or its chunks announce");
    }
    LOG.atError()
        .addKeyValue(RequestIds.KEY, RequestIds.of(context))
        .setCause(failure)
        .log("A request failed; the caller was told 503, nothing was done");
    return Problem.unavailable("the store does not answer; nothing was done, try again");
  }
}
