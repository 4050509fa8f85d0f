package dev.pgmedic.monitor;

import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.HealthReport;
import dev.pgmedic.check.Turnstile;
import dev.pgmedic.event.Addresses;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.json.Json;
import dev.pgmedic.replay.Replayer;
import dev.pgmedic.replay.Scratch;
import dev.pgmedic.store.Reports;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.TargetLeases;
import dev.pgmedic.store.Tasks;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks every target at its own pace and takes in what was found. Any number of nodes may run one
 * on the same store: each target is checked by the one that has its lease.
 */
public final class MonitorVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(MonitorVerticle.class);
  private static final long EXPIRY_MILLIS = 5_000;

  // Sessions of ours on one server at once, however many targets it has: a server that hangs holds
  // up its own targets alone.
  static final int ON_A_SERVER = 8;

  // Each is a session, and what it has read so far.
  private static final int AT_ONCE = 128;
  private static final int NOT_FOUND = 404;
  private static final int FAILED = 500;

  private final Store store;
  private final List<Target> targets;
  private final Duration lockPause;
  private final Optional<Scratch> scratch;
  private Optional<ReplayQueue> replays = Optional.empty();
  private final UUID node = UUID.randomUUID();
  private final Map<String, TargetMonitor> monitors = new LinkedHashMap<>();
  private final Map<String, Turnstile> servers = new HashMap<>();
  private boolean stopped;

  /**
   * A monitor.
   *
   * @param targets what is checked
   * @param lockPause the longest that the heart of a migration lock may pause; {@link
   *     dev.pgmedic.lock.MigrationLock#LONGEST_PAUSE} outside of demonstrations
   * @param scratch where migrations are replayed; without it none is
   */
  public MonitorVerticle(
      Store store, Collection<Target> targets, Duration lockPause, Optional<Scratch> scratch) {
    this.store = store;
    this.targets = List.copyOf(targets);
    this.lockPause = lockPause;
    this.scratch = scratch;
  }

  @Override
  public Future<?> start() {
    DatabaseCheck check = new DatabaseCheck(vertx, Clock.systemUTC(), lockPause);
    ReplayQueue queue = new ReplayQueue(scratch.map(place -> new Replayer(vertx, place)));
    replays = Optional.of(queue);
    TargetMonitor.Desk desk =
        new TargetMonitor.Desk(vertx, store, check, new Turnstile(AT_ONCE), queue, node);
    for (Target target : targets) {
      String server = target.url().host() + ":" + target.url().port();
      Turnstile turn = servers.computeIfAbsent(server, first -> new Turnstile(ON_A_SERVER));
      monitors.put(target.name(), new TargetMonitor(desk, target, turn));
    }
    return new Reports(store)
        .register(targets)
        .compose(known -> listen())
        .onSuccess(ready -> {
          monitors.values().forEach(monitor -> monitor.start(targets.size()));
          vertx.setPeriodic(EXPIRY_MILLIS, tick -> expire());
        });
  }

  private Future<Void> listen() {
    return listen(
            Addresses.HEALTH,
            (monitor, asked) ->
                new Reports(store).read(monitor.target().name()).map(MonitorVerticle::json))
        .compose(ready ->
            listen(
                Addresses.CHECK, (monitor, asked) -> monitor.checkNow().map(MonitorVerticle::json)))
        .compose(ready ->
            listen(
                Addresses.PROPOSE,
                (monitor, asked) ->
                    monitor
                        .proposeNow(key(asked), Request.of(asked))
                        .map(decision -> new JsonObject().put("decision", decision))));
  }

  private static JsonObject json(HealthReport report) {
    return new JsonObject(Json.write(report));
  }

  private static Finding.Key key(JsonObject asked) {
    return new Finding.Key(IssueCode.of(asked.getString("code")), asked.getString("subject"));
  }

  private Future<Void> listen(
      String address, BiFunction<TargetMonitor, JsonObject, Future<JsonObject>> answer) {
    return vertx
        .eventBus()
        .<JsonObject>consumer(address, request -> reply(request, answer))
        .completion();
  }

  private void reply(
      Message<JsonObject> request,
      BiFunction<TargetMonitor, JsonObject, Future<JsonObject>> answer) {
    String name = request.body() == null ? null : request.body().getString("target");
    Optional<TargetMonitor> monitor = Optional.ofNullable(name).map(monitors::get);
    if (monitor.isEmpty()) {
      request.fail(NOT_FOUND, "no target \"" + name + "\"; expected one of " + monitors.keySet());
      return;
    }
    Future.succeededFuture(request.body())
        .compose(asked -> answer.apply(monitor.get(), asked))
        .onComplete(
            request::reply, error -> request.fail(FAILED, String.valueOf(error.getMessage())));
  }

  private void expire() {
    new Tasks(store)
        .expire()
        .onFailure(error -> {
          if (!stopped) {
            LOG.atWarn().setCause(error).log("Overdue tasks could not be ended; next try soon");
          }
        });
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    replays.ifPresent(ReplayQueue::clear);
    return Future.join(monitors.values().stream().map(TargetMonitor::stop).toList())
        .compose(ended -> new TargetLeases(store).giveBack(node))
        .otherwiseEmpty();
  }
}
