package dev.pgmedic.cli;

import dev.pgmedic.api.ApiOptions;
import dev.pgmedic.api.ApiVerticle;
import dev.pgmedic.config.Config;
import dev.pgmedic.config.ConfigException;
import dev.pgmedic.delivery.WebhookVerticle;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.monitor.MonitorVerticle;
import dev.pgmedic.relay.EventRelayVerticle;
import dev.pgmedic.relay.EventRetentionVerticle;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Webhooks;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.worker.RecoveryWorkerVerticle;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.net.BindException;
import java.time.Duration;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;

/** One pgmedic process: a store and the verticles of its roles. */
final class Node {

  private final Vertx vertx;
  private final Store store;
  private final ApiVerticle api;
  private final ScratchServer scratch;
  private final Deque<String> deployed = new ConcurrentLinkedDeque<>();

  private Node(Vertx vertx, Store store, ApiVerticle api) {
    this.vertx = vertx;
    this.store = store;
    this.api = api;
    this.scratch = new ScratchServer(vertx);
  }

  /** What a node does. */
  enum Role {
    API,
    MONITOR,
    RECOVERY_WORKER;

    static final Set<Role> ALL = EnumSet.allOf(Role.class);

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * How long a node is patient; other values than {@link #DEFAULT} are for demonstrations and
   * tests.
   *
   * @param lockPause the longest that the heart of a migration lock may pause
   * @param lease how long a worker's claim outlives it
   */
  record Patience(Duration lockPause, Duration lease) {
    static final Patience DEFAULT =
        new Patience(MigrationLock.LONGEST_PAUSE, Duration.ofSeconds(15));
  }

  /**
   * What a node is made of.
   *
   * @param roles what it does
   * @param targets what it watches
   * @param api how the API is served
   * @param patience how long it waits before it calls something dead
   * @param webhooks where events are sent
   */
  record Parts(
      Set<Role> roles,
      Map<String, Target> targets,
      ApiOptions api,
      Patience patience,
      Config.Webhooks webhooks) {

    /** A node whose configuration names no webhook. */
    Parts(Set<Role> roles, Map<String, Target> targets, ApiOptions api, Patience patience) {
      this(roles, targets, api, patience, Config.Webhooks.NONE);
    }
  }

  /**
   * Opens the store and deploys the verticles.
   *
   * <p>Completes when all of them are ready; fails with the first that is not. The caller stops the
   * node before it closes the Vert.x, which would take the store away from under the verticles.
   */
  static Future<Node> start(Vertx vertx, PostgresUrl storeUrl, Parts parts) {
    return Store.open(vertx, storeUrl)
        .compose(store -> {
          Node node = new Node(vertx, store, new ApiVerticle(store, parts.targets(), parts.api()));
          return node.deploy(parts)
              .map(node)
              .recover(error -> node.stop().transform(done -> Future.failedFuture(error)));
        });
  }

  private Future<?> deploy(Parts parts) {
    var targets = parts.targets().values();
    Patience patience = parts.patience();
    Future<?> ready =
        deploy(new EventRelayVerticle(store))
            .compose(before -> deploy(new EventRetentionVerticle(store)))
            .compose(before -> deploy(new WebhookVerticle(store, parts.webhooks().open())));
    if (parts.roles().contains(Role.API)) {
      ready =
          ready
              .compose(before -> new Webhooks(store).configure(parts.webhooks().receivers()))
              .compose(before -> listening(parts.api().http()));
    }
    if (parts.roles().contains(Role.RECOVERY_WORKER)) {
      ready =
          ready.compose(before ->
              deploy(
                  new RecoveryWorkerVerticle(
                      store, targets, patience.lockPause(), patience.lease())));
    }
    if (parts.roles().contains(Role.MONITOR)) {
      ready =
          ready.compose(before ->
              deploy(
                  new MonitorVerticle(store, targets, patience.lockPause(), Optional.of(scratch))));
    }
    return ready;
  }

  private Future<String> deploy(VerticleBase verticle) {
    return vertx.deployVerticle(verticle).onSuccess(deployed::push);
  }

  /**
   * Undeploys the verticles, last deployed first, and closes the store. Completes when both have
   * ended; fails as the closing of the store does.
   */
  Future<Void> stop() {
    return Optional.ofNullable(deployed.poll())
        .map(id -> vertx.undeploy(id).transform(undeployed -> stop()))
        .orElseGet(() -> scratch.close().compose(ended -> store.close()));
  }

  private Future<String> listening(Config.Http http) {
    return deploy(api)
        .recover(error ->
            Future.failedFuture(
                error instanceof BindException
                    ? new ConfigException(
                        http.host() + ":" + http.port(),
                        "cannot listen: "
                            + error.getMessage()
                            + "; expected another --listen HOST:PORT or http.listen")
                    : error));
  }

  /** The port of the API. */
  int port() {
    return api.port();
  }

  /** The store. */
  Store store() {
    return store;
  }
}
