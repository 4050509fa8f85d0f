package dev.pgmedic.monitor;

import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.check.HealthReport;
import dev.pgmedic.store.Baselines;
import dev.pgmedic.store.Issues;
import dev.pgmedic.store.Outage;
import dev.pgmedic.store.Reports;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.TargetLeases;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks one target, one check after the other, never two at once. */
final class TargetMonitor {

  private static final Logger LOG = LoggerFactory.getLogger(TargetMonitor.class);

  private static final long STOP_SECONDS = 3;

  private final Vertx vertx;
  private final Target target;
  private final UUID node;
  private final DatabaseCheck check;
  private final Baselines baselines;
  private final Issues issues;
  private final Reports reports;
  private final TargetLeases leases;
  private final BaselineKeeper keeper;
  private final Proposals proposals;
  private final Outage outage;
  private Future<HealthReport> last;
  private long timer;
  private boolean stopped;

  TargetMonitor(Vertx vertx, Store store, DatabaseCheck check, Target target, UUID node) {
    this.vertx = vertx;
    this.target = target;
    this.node = node;
    this.check = check;
    this.baselines = new Baselines(store);
    this.issues = new Issues(store);
    this.reports = new Reports(store);
    this.leases = new TargetLeases(store);
    this.keeper = new BaselineKeeper(vertx, check, baselines, target);
    this.proposals = new Proposals(vertx, store, target);
    this.outage = new Outage(LOG, "no check of " + target.name() + " is taken in until it does");
    this.last = Future.failedFuture("no check yet");
  }

  Target target() {
    return target;
  }

  void start() {
    long first = Math.min(target.checkEvery().toMillis(), 1_000);
    schedule(ThreadLocalRandom.current().nextLong(1, first + 1));
  }

  /**
   * Checks no more. Completes when the check under way has ended, or after 3 s: it would have
   * nobody to tell its end to.
   */
  Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    return last.timeout(STOP_SECONDS, TimeUnit.SECONDS)
        .transform(ended -> Future.succeededFuture());
  }

  private void schedule(long millis) {
    if (!stopped) {
      timer = vertx.setTimer(millis, tick -> tick());
    }
  }

  private void tick() {
    checkNow()
        .onComplete(done -> {
          if (done.succeeded()) {
            outage.over();
          } else if (!stopped) {
            outage.goesOn(done.cause());
          }
          schedule(jittered());
        });
  }

  // A tenth of jitter, so that thousands of targets do not march in step.
  private long jittered() {
    long every = target.checkEvery().toMillis();
    return every - ThreadLocalRandom.current().nextLong(every / 10 + 1);
  }

  /** Checks now, or joins the check that is under way. Fails when the store does. */
  Future<HealthReport> checkNow() {
    if (!last.isComplete()) {
      return last;
    }
    last =
        leases
            .take(target.name(), node, lease())
            .compose(ours -> ours ? checkOnce() : reports.read(target.name()));
    return last;
  }

  /**
   * Checks, and proposes also what was refused before, because a person asks. Fails when the store
   * does.
   */
  Future<HealthReport> proposeNow() {
    return last.transform(before -> {
      proposals.ask();
      return checkNow();
    });
  }

  private Duration lease() {
    return target.staleAfter().plus(target.deadlines().check()).plus(target.deadlines().connect());
  }

  private Future<HealthReport> checkOnce() {
    return check
        .run(target, version -> baselines.find(target.name(), version))
        .compose(diagnosis ->
            issues
                .record(target, diagnosis)
                .compose(report -> isNewest(diagnosis, report) ? follow(diagnosis) : nothing())
                .compose(followed -> reports.read(target.name())));
  }

  private static boolean isNewest(Diagnosis diagnosis, HealthReport report) {
    return report.checkedAt().filter(diagnosis.checkedAt()::equals).isPresent();
  }

  private static Future<Void> nothing() {
    return Future.succeededFuture();
  }

  // What follows a check is bound to fail now and then, on a busy target say, and never takes the
  // check's result along.
  private Future<Void> follow(Diagnosis diagnosis) {
    return keeper
        .keep(diagnosis)
        .compose(kept -> proposals.propose(diagnosis))
        .recover(error -> {
          if (!stopped) {
            LOG.atWarn()
                .addKeyValue("database", target.name())
                .setCause(error)
                .log("No baseline or proposal came of this check; the next one tries again");
          }
          return Future.succeededFuture();
        });
  }
}
