package dev.pgmedic.api;

import dev.pgmedic.store.KeptAnswers.Answer;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what is no HTTP request, or is too long for one, and closes the connection. */
final class UnreadableRequests implements Handler<HttpServerRequest> {

  private static final Logger LOG = LoggerFactory.getLogger(UnreadableRequests.class);

  private static final String EXPECTED =
      "the request: expected HTTP/1.1 with a URL of at most 4 KiB and headers of at most 8 KiB";

  @Override
  public void handle(HttpServerRequest request) {
    String id = RequestIds.of(request.response());
    Answer answer = Problem.badRequest(EXPECTED).answer(id);
    request
        .response()
        .setStatusCode(answer.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType())
        .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
        .end(answer.body())
        .eventually(() -> request.connection().close())
        .onFailure(gone ->
            LOG.atDebug()
                .addKeyValue(RequestIds.KEY, id)
                .setCause(gone)
                .log("Whoever sent what is no request has left"));
  }
}
