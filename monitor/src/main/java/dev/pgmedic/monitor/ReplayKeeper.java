package dev.pgmedic.monitor;

import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.check.Observation;
import dev.pgmedic.postgres.ForeignText;
import dev.pgmedic.replay.Course;
import dev.pgmedic.replay.Judgement;
import dev.pgmedic.replay.ReplayFailed;
import dev.pgmedic.replay.Replayed;
import dev.pgmedic.replay.Replayer;
import dev.pgmedic.replay.TargetServer;
import dev.pgmedic.store.Replays;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays the migrations of a target whose baseline nothing has confirmed yet, once for each set of
 * files and version, behind the checks and never more than one at a time on a node. Looking at many
 * files knows no future, so it takes a worker thread.
 */
final class ReplayKeeper {

  private static final Logger LOG = LoggerFactory.getLogger(ReplayKeeper.class);
  private static final int LONGEST = 500;

  private final Vertx vertx;
  private final DatabaseCheck check;
  private final Replays replays;
  private final Target target;
  private final ReplayQueue queue;
  private boolean waiting;

  ReplayKeeper(TargetMonitor.Desk desk, Target target) {
    this.vertx = desk.vertx();
    this.check = desk.check();
    this.replays = new Replays(desk.store());
    this.target = target;
    this.queue = desk.replays();
  }

  private record Due(Course course, String digest) {}

  /**
   * Starts a replay behind the checks when one is due. Completes when that is decided, not when it
   * has ended, also where the files cannot be read; fails as the store does.
   */
  Future<Void> keep(Diagnosis diagnosis) {
    Optional<Observation> seen =
        diagnosis.observation().filter(observed -> !observed.migrationAtWork());
    if (queue.replayer().isEmpty()
        || waiting
        || seen.isEmpty()
        || diagnosis.knownGood().isEmpty()
        || target.migrations().directory().isEmpty()) {
      return Future.succeededFuture();
    }
    return due(seen.get())
        .map(due -> {
          if (due.isPresent()) {
            waiting = true;
            // The catalog is not kept while others are replayed: it may be large.
            queue.add(() -> replayNow().onComplete(done -> waiting = false));
          }
          return null;
        });
  }

  private Future<Optional<Due>> due(Observation seen) {
    return vertx
        .executeBlocking(
            () -> {
              Optional<Course> course =
                  Course.of(seen.history(), target.migrations().directory())
                      .filter(known -> Replayer.canReplay(known, target.migrations()));
              return course.isEmpty()
                  ? Optional.<Due>empty()
                  : Optional.of(new Due(course.get(), digest(course.get().digest())));
            },
            false)
        .recover(error -> {
          serves(error);
          return Future.succeededFuture(Optional.empty());
        })
        .compose(due ->
            due.isEmpty()
                ? Future.succeededFuture(due)
                : replays
                    .last(target.name())
                    .map(last ->
                        due.filter(now ->
                            last.filter(kept -> kept.digest().equals(now.digest())).isEmpty())));
  }

  private String digest(String files) {
    return target.migrations().replay().command().isEmpty()
        ? files
        : files + " " + target.migrations().replay().command();
  }

  private Future<Void> replayNow() {
    return check
        .observe(target)
        .compose(seen ->
            seen.migrationAtWork()
                ? Future.succeededFuture()
                : due(seen)
                    .compose(
                        due -> due.map(now -> replay(seen, now)).orElse(Future.succeededFuture())))
        .recover(error -> {
          serves(error);
          return Future.succeededFuture();
        });
  }

  private void serves(Throwable error) {
    LOG.atInfo()
        .addKeyValue("database", target.name())
        .setCause(error)
        .log("The migrations could not be replayed; the baseline serves");
  }

  private Future<Void> replay(Observation seen, Due due) {
    return TargetServer.of(vertx, target)
        .compose(server ->
            queue
                .replayer()
                .orElseThrow()
                .replay(due.course(), target.migrations(), target.deadlines(), server.roles())
                .compose(replayed -> judge(seen, due, server, replayed)))
        .recover(error ->
            error instanceof ReplayFailed failed
                ? failed(due, failed)
                : Future.failedFuture(error));
  }

  private Future<Void> failed(Due due, ReplayFailed error) {
    String reason = ForeignText.visible(String.valueOf(error.getMessage()), LONGEST);
    LOG.atInfo()
        .addKeyValue("database", target.name())
        .log("The migrations could not be replayed: {}; the baseline serves", reason);
    return replays.failed(target.name(), due.digest(), reason);
  }

  private Future<Void> judge(Observation seen, Due due, TargetServer server, Replayed replayed) {
    Judgement judgement = Judgement.of(seen, server.version(), replayed);
    return (judgement.agrees()
            ? replays.agrees(target.name(), due.digest(), judgement.knownGood())
            : replays.differs(target.name(), due.digest(), judgement.knownGood()))
        .mapEmpty();
  }
}
