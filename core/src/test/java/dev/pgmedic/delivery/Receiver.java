package dev.pgmedic.delivery;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Somebody who gets webhooks, and answers as a test wants. */
final class Receiver {

  private final Vertx vertx;
  private final HttpServerOptions options;
  private final List<Taken> taken = new CopyOnWriteArrayList<>();
  private volatile int status = 204;
  private Optional<HttpServer> server = Optional.empty();

  /** A request that came, with what TLS said of the name that was meant. */
  record Taken(String path, MultiMap headers, Optional<String> serverName, String body) {
    String id() {
      return headers.get("webhook-id");
    }

    JsonObject json() {
      return new JsonObject(body);
    }
  }

  Receiver(Vertx vertx) {
    this(vertx, new HttpServerOptions());
  }

  Receiver(Vertx vertx, HttpServerOptions options) {
    this.vertx = vertx;
    this.options = options;
  }

  /** Listens; again on the port of before. */
  @CanIgnoreReturnValue
  Receiver up() {
    int port = server.map(HttpServer::actualPort).orElse(0);
    server =
        Optional.of(
            vertx
                .createHttpServer(options)
                .requestHandler(this::take)
                .listen(port, "127.0.0.1")
                .await());
    return this;
  }

  void down() {
    server.orElseThrow().close().await();
  }

  void answers(int with) {
    status = with;
  }

  private void take(HttpServerRequest request) {
    Optional<String> name = Optional.ofNullable(request.connection().indicatedServerName());
    request
        .body()
        .compose(body -> {
          taken.add(new Taken(request.uri(), request.headers(), name, body.toString()));
          return request
              .response()
              .setStatusCode(status)
              .putHeader("Location", "http://127.0.0.1:" + port() + "/elsewhere")
              .end("a secret of the receiver");
        })
        .onFailure(left -> {});
  }

  int port() {
    return server.orElseThrow().actualPort();
  }

  String url() {
    return "http://127.0.0.1:" + port() + "/hook?token=hidden";
  }

  List<Taken> taken() {
    return List.copyOf(taken);
  }

  List<String> ids() {
    return taken.stream().map(Taken::id).toList();
  }
}
