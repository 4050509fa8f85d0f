package dev.pgmedic.api;

import dev.pgmedic.digest.Sha256;
import dev.pgmedic.store.KeptAnswers;
import dev.pgmedic.store.KeptAnswers.Answer;
import dev.pgmedic.store.KeptAnswers.Found;
import dev.pgmedic.store.KeptAnswers.Request;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what a request with an {@code Idempotency-Key} asks for once, and gives the same answer to
 * the same request of the same token again.
 */
final class Repeats {

  private static final Logger LOG = LoggerFactory.getLogger(Repeats.class);
  private static final String KEY = "Idempotency-Key";
  private static final String REPLAYED = "Idempotency-Replayed";
  private static final String SOON = "1";

  private final KeptAnswers kept;

  Repeats(KeptAnswers kept) {
    this.kept = kept;
  }

  /**
   * An answer.
   *
   * @param first to whoever asks
   * @param again to whoever asks again, which the store has meanwhile: without what it must not
   *     have
   */
  record Told(Answer first, Answer again) {}

  /**
   * The answer to a request: of this work, or of the same work before.
   *
   * <p>Completes with what the work answers, a refusal included; fails with a problem where the key
   * is another request's or the work is under way, and as the work fails where nobody knows whether
   * it was done: that is not kept.
   */
  Future<Answer> once(RoutingContext context, Supplier<Future<Told>> work) {
    return key(context.request())
        .map(key -> new Request(Access.caller(context).name(), key, digest(context)))
        .map(request -> kept.claim(request).compose(found -> found(context, request, found, work)))
        .orElseGet(() -> work.get().map(Told::first));
  }

  private static Optional<String> key(HttpServerRequest request) {
    List<String> keys = request.headers().getAll(KEY);
    if (keys.size() > 1) {
      throw Problem.badRequest(KEY + ": expected one");
    }
    return keys.stream().findFirst();
  }

  private static String digest(RoutingContext context) {
    HttpServerRequest request = context.request();
    Buffer body = Optional.ofNullable(context.body().buffer()).orElseGet(Buffer::buffer);
    String asked = request.method() + " " + request.uri() + "\n" + request.getHeader("If-Match");
    return Sha256.hex(asked + "\n" + HexFormat.of().formatHex(Sha256.of(body.getBytes())));
  }

  private Future<Answer> found(
      RoutingContext context, Request request, Found found, Supplier<Future<Told>> work) {
    return switch (found) {
      case Found.New mine -> first(context, request, mine.claim(), work);
      case Found.Answered before -> {
        context.response().putHeader(REPLAYED, "true");
        yield Future.succeededFuture(before.answer());
      }
      case Found.AtWork busy -> {
        context.response().putHeader(HttpHeaders.RETRY_AFTER, SOON);
        yield Future.failedFuture(
            Problem.conflict("at-work", KEY + ": a request with this key is being answered"));
      }
      case Found.OtherRequest other ->
          Future.failedFuture(
              Problem.of(
                  422, "key-reused", KEY + ": expected the request that had this key first"));
    };
  }

  private Future<Answer> first(
      RoutingContext context, Request request, UUID claim, Supplier<Future<Told>> work) {
    return work.get()
        .recover(error -> refused(context, error))
        .compose(
            told -> kept(context, kept.keep(request, claim, told.again())).map(told.first()),
            error ->
                kept(context, kept.release(request, claim))
                    .compose(released -> Future.failedFuture(error)));
  }

  private static Future<Told> refused(RoutingContext context, Throwable error) {
    return Problems.foreseen(error)
        .filter(Problem::isRefusal)
        .map(problem -> problem.answer(RequestIds.of(context)))
        .map(answer -> Future.succeededFuture(new Told(answer, answer)))
        .orElseGet(() -> Future.failedFuture(error));
  }

  // It was done, and whoever asked is told so: the key alone waits until its claim ends.
  private static Future<Void> kept(RoutingContext context, Future<Void> keeping) {
    return keeping
        .onFailure(error ->
            LOG.atWarn()
                .addKeyValue(RequestIds.KEY, RequestIds.of(context))
                .setCause(error)
                .log("An answer was not kept; its key is refused for ten minutes"))
        .otherwiseEmpty();
  }
}
