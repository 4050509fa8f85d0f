package dev.pgmedic.monitor;

import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Tasks;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.Lane;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Keeps the open recovery tasks of a target in step with what checks find, one in each lane. */
final class TargetProposals {

  private final Tasks tasks;
  private final Target target;
  private final Map<Lane, Proposals> lanes = new EnumMap<>(Lane.class);

  TargetProposals(Vertx vertx, Store store, Target target) {
    this.tasks = new Tasks(store);
    this.target = target;
    for (Lane lane : Lane.values()) {
      lanes.put(lane, new Proposals(vertx, store, target, lane));
    }
  }

  private Proposals lane(Finding.Key issue) {
    return Objects.requireNonNull(lanes.get(Lane.of(issue.code())));
  }

  /** The next proposal heals this too, and is made even if one like it was refused before. */
  void ask(Finding.Key issue, Request request) {
    lane(issue).ask(issue, request);
  }

  /** Why the last proposal does not heal what was asked for, in sentences; empty when it does. */
  String decision(Finding.Key issue) {
    return lane(issue).decision();
  }

  /** Completes when the open tasks fit the diagnosis; fails when the target or the store does. */
  Future<Void> propose(Diagnosis diagnosis) {
    boolean judged = diagnosis.observation().filter(seen -> !seen.migrationAtWork()).isPresent();
    if (!judged && !isBlocked(diagnosis) && lanes.values().stream().noneMatch(Proposals::isAsked)) {
      return Future.succeededFuture();
    }
    return tasks
        .open(target.name())
        .compose(open -> {
          Future<Void> done = Future.succeededFuture();
          for (Map.Entry<Lane, Proposals> lane : lanes.entrySet()) {
            done =
                done.compose(before ->
                    lane.getValue()
                        .propose(
                            diagnosis,
                            open.stream()
                                .filter(task -> Lane.of(task.plan()) == lane.getKey())
                                .findFirst()));
          }
          return done;
        });
  }

  // A migration that is kept waiting is at work: nothing else can be judged until it is helped.
  private static boolean isBlocked(Diagnosis diagnosis) {
    return diagnosis.findings().stream()
        .anyMatch(finding -> finding.code() == IssueCode.SESSION_BLOCKING);
  }
}
