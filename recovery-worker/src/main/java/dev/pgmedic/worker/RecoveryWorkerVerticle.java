package dev.pgmedic.worker;

import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.store.Claim;
import dev.pgmedic.store.ClaimLost;
import dev.pgmedic.store.Claims;
import dev.pgmedic.store.Outage;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Wakeups;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims approved recovery tasks and executes them. Woken by the store when something was approved,
 * and looks by itself once a second. Any number of workers may share one store.
 */
public final class RecoveryWorkerVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(RecoveryWorkerVerticle.class);
  private static final long POLL_MILLIS = 1_000;

  /** More than this at once would make one node the bottleneck of its own database connections. */
  private static final int MOST_AT_ONCE = 4;

  private final Claims claims;
  private final Store store;
  private final Map<String, Target> targets = new LinkedHashMap<>();
  private final Duration lockPause;
  private final Duration lease;
  private final UUID worker = UUID.randomUUID();
  private final Wakeups wakeups;
  private final Set<Execution> running = new HashSet<>();
  private final Outage outage =
      new Outage(LOG, "no recovery is claimed until it does; it is asked every second");
  private boolean claiming;
  private boolean again;
  private boolean stopped;

  /**
   * A worker.
   *
   * @param targets those with leave to be healed are worked on, the others ignored
   * @param lockPause the longest that the heart of a migration lock may pause
   * @param lease how long a claim outlives a worker that vanished; at least 1 s
   */
  public RecoveryWorkerVerticle(
      Store store, Collection<Target> targets, Duration lockPause, Duration lease) {
    this.store = store;
    this.claims = new Claims(store);
    this.lockPause = lockPause;
    this.lease = lease;
    this.wakeups = store.wakeups();
    targets.stream()
        .filter(target -> target.recovery().isPresent())
        .forEach(target -> this.targets.put(target.name(), target));
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(POLL_MILLIS, tick -> look());
    return wakeups.wake(() -> context.runOnContext(woken -> look())).start();
  }

  private void look() {
    if (claiming || stopped || running.size() >= MOST_AT_ONCE || targets.isEmpty()) {
      again = true;
      return;
    }
    claiming = true;
    again = false;
    claims
        .claim(worker, lease, targets.values())
        .onComplete(claimed -> {
          claiming = false;
          if (stopped) {
            return; // a claim that was made on the way ends with its lease
          }
          if (claimed.failed()) {
            outage.goesOn(claimed.cause());
          } else {
            outage.over();
            claimed.result().ifPresent(this::execute);
            if (again || claimed.result().isPresent()) {
              look();
            }
          }
        });
  }

  private void execute(Claim claim) {
    Target target = Optional.ofNullable(targets.get(claim.task().target())).orElseThrow();
    DatabaseCheck check = new DatabaseCheck(vertx, Clock.systemUTC(), lockPause);
    Execution execution = new Execution(vertx, store, check, target, claim);
    running.add(execution);
    long renewing =
        vertx.setPeriodic(
            lease.toMillis() / 3,
            tick -> claims.renew(claim, lease).onFailure(error -> missed(execution, error)));
    execution
        .run()
        .onComplete(ended -> {
          vertx.cancelTimer(renewing);
          running.remove(execution);
          if (ended.failed()) {
            LOG.atError()
                .addKeyValue("database", target.name())
                .addKeyValue("task_id", claim.task().id())
                .setCause(ended.cause())
                .log("The task could not be ended; another claim of it follows its lease");
          }
          look();
        });
  }

  // A store that is slow for a moment costs nothing; a claim that another worker has ends all work.
  private static void missed(Execution execution, Throwable error) {
    if (error instanceof ClaimLost) {
      execution.abandon();
    }
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    running.forEach(Execution::abandon);
    return wakeups.close();
  }
}
