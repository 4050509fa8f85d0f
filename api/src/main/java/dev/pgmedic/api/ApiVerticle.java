package dev.pgmedic.api;

import dev.pgmedic.config.Config.Auth;
import dev.pgmedic.config.Config.Token;
import dev.pgmedic.store.KeptAnswers;
import dev.pgmedic.store.Store;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Serves the HTTP API and the operators' console. */
public final class ApiVerticle extends VerticleBase {

  private static final long BODY_LIMIT = 64 * 1024;
  private static final Set<String> TLS_VERSIONS = Set.of("TLSv1.2", "TLSv1.3");

  private final Store store;
  private final Map<String, Target> targets;
  private final ApiOptions options;
  private final Pace pace;
  private Optional<HttpServer> server = Optional.empty();
  private Optional<EventStreams> streams = Optional.empty();

  /** An API on this store. */
  public ApiVerticle(Store store, Map<String, Target> targets, ApiOptions options) {
    this(store, targets, options, Pace.DEFAULT);
  }

  /** An API whose streams have another pace. */
  ApiVerticle(Store store, Map<String, Target> targets, ApiOptions options, Pace pace) {
    this.store = store;
    this.targets = targets;
    this.options = options;
    this.pace = pace;
  }

  /**
   * How connections are kept; other values than {@link #DEFAULT} are for tests.
   *
   * @param heartbeat the time between two heartbeats of an event stream
   * @param patience how long a client may take nothing, such as a reader of events that hangs,
   *     before it is dropped; longer than any request waits for its answer
   */
  record Pace(Duration heartbeat, Duration patience) {
    static final Pace DEFAULT = new Pace(Duration.ofSeconds(15), Duration.ofSeconds(90));
  }

  @Override
  public Future<?> start() {
    // YAML is parsed by a library that knows no future, and the console is read from the class
    // path.
    return vertx
        .executeBlocking(Contract::forRouter)
        .compose(contract -> OpenAPIContract.from(vertx, contract))
        .compose(contract ->
            vertx.executeBlocking(Console::read).map(console -> router(contract, console)))
        .compose(router ->
            vertx
                .createHttpServer(listener())
                .requestHandler(router)
                .invalidRequestHandler(new UnreadableRequests())
                .listen())
        .onSuccess(listening -> server = Optional.of(listening));
  }

  private HttpServerOptions listener() {
    HttpServerOptions listener =
        new HttpServerOptions()
            .setHost(options.http().host())
            .setPort(options.http().port())
            .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
            .setWriteIdleTimeout((int) pace.patience().toMillis())
            .setCompressionSupported(false);
    options
        .http()
        .tls()
        .ifPresent(tls ->
            listener
                .setSsl(true)
                .setEnabledSecureTransportProtocols(TLS_VERSIONS)
                .setKeyCertOptions(
                    new PemKeyCertOptions()
                        .setCertPath(tls.certificate().toString())
                        .setKeyPath(tls.key().toString())));
    return listener;
  }

  private Router router(OpenAPIContract contract, Console console) {
    Access access = new Access(options, targets.values(), store);
    TokenWatch tokens = new TokenWatch(access::stillKnows);
    vertx.setPeriodic(TokenWatch.EVERY.toMillis(), tick -> tokens.look());
    TaskWaits waits = new TaskWaits(vertx, store);
    EventStreams events = new EventStreams(vertx, store, pace.heartbeat(), tokens);
    streams = Optional.of(events);
    Operations operations = new Operations(new Repeats(new KeptAnswers(store)));
    new HealthOperations(vertx, store, targets).addTo(operations);
    new LockOperations(vertx, targets).addTo(operations);
    new IssueOperations(vertx, store).addTo(operations);
    new KnownGoodOperations(vertx, store, targets).addTo(operations);
    new QuarantineOperations(vertx, store, targets).addTo(operations);
    new TaskOperations(store, targets, waits, tokens).addTo(operations);
    new AuditOperations(store).addTo(operations);
    new TokenOperations(store, names(options.auth()), targets.keySet()).addTo(operations);
    events.addTo(operations);
    new WebhookOperations(store).addTo(operations);
    new ServiceOperations(store, targets, events).addTo(operations);
    new CallerOperations().addTo(operations);
    new SessionOperations(store, access).addTo(operations);
    new McpOperations(operations, access, id -> Need.of(contract.operation(id))).addTo(operations);

    RouterBuilder builder = RouterBuilder.create(vertx, contract, ContractRequest::of);
    builder.rootHandler(BodyHandler.create(false).setBodyLimit(BODY_LIMIT));
    builder.rootHandler(new PlainBodies());
    operations.mount(builder, access);

    Router router = Router.router(vertx);
    router.route().handler(new RequestIds());
    router.route().handler(new HostCheck(options.http().names()));
    console.addTo(router);
    router.route().handler(Operations.guard(contract, access));
    router.route().subRouter(builder.createRouter());
    router.route().failureHandler(new Problems());
    for (int status : new int[] {400, 404, 413, 415}) {
      router.errorHandler(status, new Problems());
    }
    router.errorHandler(405, new OtherMethods(contract));
    return router;
  }

  private static Set<String> names(Auth auth) {
    return auth.tokens().stream().map(Token::name).collect(Collectors.toSet());
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
