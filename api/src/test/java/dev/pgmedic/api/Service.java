package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.api.ApiVerticle.Pace;
import dev.pgmedic.config.Config.Anonymous;
import dev.pgmedic.config.Config.Auth;
import dev.pgmedic.config.Config.Http;
import dev.pgmedic.config.Config.Role;
import dev.pgmedic.config.Config.Token;
import dev.pgmedic.event.Addresses;
import dev.pgmedic.relay.EventRelayVerticle;
import dev.pgmedic.store.Store;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A really listening API on a store of its own. No response of it may carry a secret, or be one
 * that the contract does not have.
 */
final class Service implements AutoCloseable {

  static final Token VIEWER = new Token("watcher", Role.VIEWER, "viewer-token-of-the-test");
  static final Token APPROVER = new Token("jarvis", Role.APPROVER, "approver-token-of-the-test");
  static final Token ADMIN = new Token("root", Role.ADMIN, "admin-token-of-the-test");
  static final List<Token> TOKENS = List.of(VIEWER, APPROVER, ADMIN);
  static final String PASSWORD = "password-of-the-target";

  private static final long ANSWER_SECONDS = 20;

  private final ContractWatch contract = new ContractWatch();
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(100));
  private final PostgresUrl storeUrl;
  private final Store store;
  private final ApiVerticle api;
  private final String deployment;

  /**
   * How it is set up.
   *
   * @param store where its store is
   * @param targets what it watches
   * @param anonymous what nobody may do
   * @param pace how connections are kept
   * @param more tokens besides {@link #TOKENS}
   */
  record Setup(
      PostgresUrl store,
      List<Target> targets,
      Optional<Anonymous> anonymous,
      Pace pace,
      List<Token> more) {

    static Setup of(Target... targets) {
      return new Setup(
          TestDatabases.fresh(), List.of(targets), Optional.empty(), Pace.DEFAULT, List.of());
    }

    List<Token> tokens() {
      return Stream.concat(TOKENS.stream(), more.stream()).toList();
    }

    Setup withStore(PostgresUrl other) {
      return new Setup(other, targets, anonymous, pace, more);
    }

    Setup withAnonymous(Anonymous allowed) {
      return new Setup(store, targets, Optional.of(allowed), pace, more);
    }

    Setup withHeartbeat(Duration other) {
      return new Setup(store, targets, anonymous, new Pace(other, pace.patience()), more);
    }

    Setup withPatience(Duration other) {
      return new Setup(store, targets, anonymous, new Pace(pace.heartbeat(), other), more);
    }

    Setup withTokens(Token... others) {
      return new Setup(store, targets, anonymous, pace, List.of(others));
    }
  }

  Service(Setup setup) {
    Map<String, Target> targets = new LinkedHashMap<>();
    setup.targets().forEach(target -> targets.put(target.name(), target));
    ApiOptions options =
        new ApiOptions(
            new Http("127.0.0.1", 0, Set.of("pgmedic.example")),
            new Auth(setup.anonymous(), setup.tokens()));
    storeUrl = setup.store();
    store = Store.open(vertx, storeUrl).await();
    api = new ApiVerticle(store, targets, options, setup.pace());
    vertx.deployVerticle(new EventRelayVerticle(store)).await();
    deployment = vertx.deployVerticle(api).await();
  }

  static Service of(Target... targets) {
    return new Service(Setup.of(targets));
  }

  Vertx vertx() {
    return vertx;
  }

  Store store() {
    return store;
  }

  PostgresUrl storeUrl() {
    return storeUrl;
  }

  int port() {
    return api.port();
  }

  /** Asks and waits for the answer. */
  Reply send(Call call) {
    return sending(call).await();
  }

  /** The operations that were answered with success. */
  Set<String> succeeded() {
    return contract.succeeded();
  }

  /** Who did what to which target, as the audit has it. */
  List<String> audited() {
    return send(Call.get("/api/audit").as(ADMIN)).json().getJsonArray("items").stream()
        .map(JsonObject.class::cast)
        .map(entry ->
            String.join(
                " ",
                entry.getString("actor"),
                entry.getString("action"),
                entry.getString("target")))
        .toList();
  }

  /** Tells on the bus of an event that is no news: the bus may be late, or repeat. */
  void repeat(String type, UUID subject) {
    vertx
        .eventBus()
        .publish(
            Addresses.EVENTS,
            new JsonObject().put("type", "dev.pgmedic." + type).put("subject", subject.toString()));
  }

  /** Asks. */
  Future<Reply> sending(Call call) {
    // One mapper, which runs on the event loop: a body that nobody asked for in time is gone.
    return open(call)
        .compose(request ->
            (call.body().isEmpty() ? request.send() : request.send(call.body()))
                .compose(response -> response.body().map(body -> reply(response, body.toString()))))
        .timeout(ANSWER_SECONDS, TimeUnit.SECONDS)
        .map(Service::withoutSecrets)
        .map(reply -> contract.see(call, reply));
  }

  private static Reply reply(HttpClientResponse response, String body) {
    Map<String, String> headers = new LinkedHashMap<>();
    response.headers().forEach(header -> headers.put(header.getKey(), header.getValue()));
    return new Reply(response.statusCode(), headers, body);
  }

  /** A request that is not sent yet. */
  Future<HttpClientRequest> open(Call call) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.valueOf(call.method()))
            .setHost("127.0.0.1")
            .setPort(port())
            .setURI(call.path());
    call.headers().forEach(options::putHeader);
    return client.request(options);
  }

  private static Reply withoutSecrets(Reply reply) {
    for (String secret : List.of(VIEWER.secret(), APPROVER.secret(), ADMIN.secret(), PASSWORD)) {
      assertThat(reply.body()).doesNotContain(secret);
      assertThat(reply.headers().toString()).doesNotContain(secret);
    }
    return reply;
  }

  /** Stops the API alone. */
  void stop() {
    vertx.undeploy(deployment).await();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
