package dev.pgmedic.monitor;

import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.check.HealthReport;
import dev.pgmedic.check.LastLook;
import dev.pgmedic.check.Look;
import dev.pgmedic.check.Turnstile;
import dev.pgmedic.issue.Finding;
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
import java.util.Optional;
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
  private final ReplayKeeper replays;
  private final TargetProposals proposals;
  private final Outage outage;
  private final Settling settling;
  private final Pace pace;
  private final Turnstile server;
  private final Turnstile turn;
  private Optional<LastLook> memory = Optional.empty();
  private long revision;
  private Future<Void> last;
  private long timer;
  private boolean stopped;

  /**
   * What all targets of a node share.
   *
   * @param store where it keeps what it finds
   * @param check how it looks
   * @param turn bounds how many checks run at once
   * @param replays runs replays behind the checks
   * @param node what it is called
   */
  record Desk(
      Vertx vertx,
      Store store,
      DatabaseCheck check,
      Turnstile turn,
      ReplayQueue replays,
      UUID node) {}

  /**
   * A monitor of one target.
   *
   * @param server bounds how many checks run on the target's server at once
   */
  TargetMonitor(Desk desk, Target target, Turnstile server) {
    this.vertx = desk.vertx();
    Store store = desk.store();
    this.server = server;
    this.turn = desk.turn();
    this.pace = new Pace(target.checkEvery(), ThreadLocalRandom.current());
    this.target = target;
    this.node = desk.node();
    this.check = desk.check();
    this.baselines = new Baselines(store);
    this.issues = new Issues(store);
    this.reports = new Reports(store);
    this.leases = new TargetLeases(store);
    this.settling = new Settling(check, target);
    this.keeper = new BaselineKeeper(vertx, check, store, target);
    this.replays = new ReplayKeeper(desk, target);
    this.proposals = new TargetProposals(vertx, store, target);
    this.outage = new Outage(LOG, "no check of " + target.name() + " is taken in until it does");
    this.last = Future.failedFuture("no check yet");
  }

  Target target() {
    return target;
  }

  /** Begins to check. The first check comes the later, the more targets there are. */
  void start(int targets) {
    schedule(pace.first(targets));
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

  private void schedule(Duration delay) {
    if (!stopped) {
      long due = System.nanoTime() + delay.toNanos();
      timer = vertx.setTimer(delay.toMillis(), tick -> tick(due));
    }
  }

  private void tick(long due) {
    check()
        .onComplete(done -> {
          if (done.succeeded()) {
            outage.over();
          } else if (!stopped) {
            outage.goesOn(done.cause());
          }
          schedule(pace.next(Duration.ofNanos(System.nanoTime() - due)));
        });
  }

  /**
   * Looks at all of the target now, or joins the check that is under way. Completes with the
   * report; fails when the store does.
   */
  Future<HealthReport> checkNow() {
    if (last.isComplete()) {
      forget();
    }
    return check().compose(checked -> reports.read(target.name()));
  }

  /**
   * Checks, and proposes to heal this issue too, because a person asks, also if it was refused.
   * Completes with why it does not, in sentences, empty when it does; fails when the store does.
   */
  Future<String> proposeNow(Finding.Key issue, Request request) {
    return last.transform(
            before -> {
              proposals.ask(issue, request);
              return checkNow();
            })
        .map(checked -> proposals.decision(issue));
  }

  // The next check looks at the whole schema.
  private void forget() {
    memory = Optional.empty();
  }

  private Future<Void> check() {
    if (last.isComplete()) {
      last =
          leases
              .take(target.name(), node, lease())
              .compose(revision -> revision.isPresent() ? check(revision.getAsLong()) : nothing());
    }
    return last;
  }

  private Duration lease() {
    return pace.interval()
        .multipliedBy(3)
        .plus(target.deadlines().check())
        .plus(target.deadlines().connect());
  }

  private Future<Void> check(long knownGoodRevision) {
    if (knownGoodRevision != revision) {
      forget();
      revision = knownGoodRevision;
    }
    return server
        .through(() -> turn.through(this::look))
        .onSuccess(this::keepPace)
        .compose(look ->
            record(look.diagnosis())
                .compose(newest -> {
                  memory = newest ? look.memory() : Optional.empty();
                  return newest ? server.through(() -> follow(look.diagnosis())) : nothing();
                }));
  }

  private Future<Look> look() {
    return check
        .run(target, version -> baselines.find(target.name(), version), memory)
        .compose(look -> settling.settle(look.diagnosis()).map(told -> told(told, look)));
  }

  // What has yet to settle is looked at again by the next check.
  private static Look told(Diagnosis told, Look look) {
    boolean settled = told.withheld().equals(look.diagnosis().withheld());
    return new Look(told, look.struggles(), settled ? look.memory() : Optional.empty());
  }

  private void keepPace(Look look) {
    boolean before = pace.isHeldBack();
    // A look at the whole schema waits for others to end: its length says nothing of the server.
    boolean slow =
        look.diagnosis().observation().isEmpty()
            && look.diagnosis().duration().compareTo(target.checkEvery()) > 0;
    pace.after(look.struggles() || slow);
    if (pace.isHeldBack() != before) {
      LOG.atInfo()
          .addKeyValue("database", target.name())
          .addKeyValue("every", pace.interval())
          .log(
              before
                  ? "The server answers as it should and is checked at its own pace again"
                  : "The server struggles and is checked less often until it answers as it should");
    }
  }

  // Completes with whether no newer check was there already.
  private Future<Boolean> record(Diagnosis diagnosis) {
    return issues
        .quiet(target, diagnosis)
        .compose(quiet ->
            quiet
                ? Future.succeededFuture(true)
                : issues.record(target, diagnosis).map(report -> isNewest(diagnosis, report)));
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
        .compose(kept -> replays.keep(diagnosis))
        .compose(begun -> proposals.propose(diagnosis))
        .recover(error -> {
          forget();
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
