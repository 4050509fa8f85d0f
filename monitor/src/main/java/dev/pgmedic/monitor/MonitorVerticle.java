package dev.pgmedic.monitor;

import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.event.Addresses;
import dev.pgmedic.json.Json;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks every target at its own pace and takes in what was found. Any number of nodes may run one
 * on the same store: each target is checked by the one that has its lease.
 */
public final class MonitorVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(MonitorVerticle.class);
  private static final long EXPIRY_MILLIS = 5_000;
  private static final int NOT_FOUND = 404;
  private static final int FAILED = 500;

  private final Store store;
  private final List<Target> targets;
  private final Duration lockPause;
  private final UUID node = UUID.randomUUID();
  private final Map<String, TargetMonitor> monitors = new LinkedHashMap<>();
  private boolean stopped;

  /**
   * A monitor.
   *
   * @param targets what is checked
   * @param lockPause the longest that the heart of a migration lock may pause; {@link
   *     dev.pgmedic.lock.MigrationLock#LONGEST_PAUSE} outside of demonstrations
   */
  public MonitorVerticle(Store store, Collection<Target> targets, Duration lockPause) {
    this.store = store;
    this.targets = List.copyOf(targets);
    this.lockPause = lockPause;
  }

  @Override
  public Future<?> start() {
    DatabaseCheck check = new DatabaseCheck(vertx, Clock.systemUTC(), lockPause);
    for (Target target : targets) {
      monitors.put(target.name(), new TargetMonitor(vertx, store, check, target, node));
    }
    return new Reports(store)
        .register(targets)
        .compose(known -> listen())
        .onSuccess(ready -> {
          monitors.values().forEach(TargetMonitor::start);
          vertx.setPeriodic(EXPIRY_MILLIS, tick -> expire());
        });
  }

  private Future<Void> listen() {
    return listen(Addresses.HEALTH, monitor -> new Reports(store).read(monitor.target().name()))
        .compose(ready -> listen(Addresses.CHECK, TargetMonitor::checkNow))
        .compose(ready -> listen(Addresses.PROPOSE, TargetMonitor::proposeNow));
  }

  private Future<Void> listen(String address, Function<TargetMonitor, Future<?>> answer) {
    return vertx
        .eventBus()
        .<JsonObject>consumer(address, request -> reply(request, answer))
        .completion();
  }

  private void reply(Message<JsonObject> request, Function<TargetMonitor, Future<?>> answer) {
    String name = request.body() == null ? null : request.body().getString("target");
    Optional<TargetMonitor> monitor = Optional.ofNullable(name).map(monitors::get);
    if (monitor.isEmpty()) {
      request.fail(NOT_FOUND, "no target \"" + name + "\"; expected one of " + monitors.keySet());
      return;
    }
    answer
        .apply(monitor.get())
        .onComplete(
            report -> request.reply(new JsonObject(Json.write(report))),
            error -> request.fail(FAILED, String.valueOf(error.getMessage())));
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
    return Future.join(monitors.values().stream().map(TargetMonitor::stop).toList())
        .compose(ended -> new TargetLeases(store).giveBack(node))
        .otherwiseEmpty();
  }
}
