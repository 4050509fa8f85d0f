package dev.pgmedic.api;

import dev.pgmedic.store.Store;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Serves the HTTP API. */
public final class ApiVerticle extends VerticleBase {

  private static final long BODY_LIMIT = 64 * 1024;

  private final Store store;
  private final Map<String, Target> targets;
  private final ApiOptions options;
  private final Duration heartbeat;
  private Optional<HttpServer> server = Optional.empty();
  private Optional<EventStreams> streams = Optional.empty();

  /** An API on this store. */
  public ApiVerticle(Store store, Map<String, Target> targets, ApiOptions options) {
    this(store, targets, options, EventStreams.HEARTBEAT);
  }

  /** An API whose streams beat at another pace. */
  ApiVerticle(Store store, Map<String, Target> targets, ApiOptions options, Duration heartbeat) {
    this.store = store;
    this.targets = targets;
    this.options = options;
    this.heartbeat = heartbeat;
  }

  @Override
  public Future<?> start() {
    // YAML is parsed by a library that knows no future.
    return vertx
        .executeBlocking(Contract::forRouter)
        .compose(contract -> OpenAPIContract.from(vertx, contract))
        .map(this::router)
        .compose(router ->
            vertx
                .createHttpServer(
                    new HttpServerOptions()
                        .setHost(options.http().host())
                        .setPort(options.http().port())
                        .setCompressionSupported(false))
                .requestHandler(router)
                .listen())
        .onSuccess(listening -> server = Optional.of(listening));
  }

  private Router router(OpenAPIContract contract) {
    TaskWaits waits = new TaskWaits(vertx, store);
    EventStreams events = new EventStreams(vertx, store, heartbeat);
    streams = Optional.of(events);
    Operations operations = new Operations();
    new HealthOperations(vertx, store, targets).addTo(operations);
    new LockOperations(vertx, targets).addTo(operations);
    new IssueOperations(vertx, store).addTo(operations);
    new KnownGoodOperations(vertx, store, targets).addTo(operations);
    new TaskOperations(store, targets, waits).addTo(operations);
    events.addTo(operations);
    new ServiceOperations(vertx, store, targets).addTo(operations);

    RouterBuilder builder =
        RouterBuilder.create(vertx, contract, RequestExtractor.withBodyHandler());
    builder.rootHandler(BodyHandler.create(false).setBodyLimit(BODY_LIMIT));
    Access access = new Access(options.auth(), options.http().loopback());
    operations.mount(builder, access);

    Router router = Router.router(vertx);
    router.route().handler(new HostCheck(options.http().names()));
    router.route().handler(Operations.guard(contract, access));
    router.route().subRouter(builder.createRouter());
    router.route().failureHandler(new Problems());
    for (int status : new int[] {400, 404, 405, 413, 415}) {
      router.errorHandler(status, new Problems());
    }
    return router;
  }

  /** The port that it listens on, once it is deployed. */
  public int port() {
    return server.map(HttpServer::actualPort).orElse(options.http().port());
  }

  @Override
  public Future<?> stop() {
    streams.ifPresent(EventStreams::close);
    return server.map(HttpServer::close).orElse(Future.succeededFuture());
  }
}
