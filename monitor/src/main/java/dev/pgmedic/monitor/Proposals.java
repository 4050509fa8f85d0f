package dev.pgmedic.monitor;

import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.plan.PlanOutcome;
import dev.pgmedic.plan.Planner;
import dev.pgmedic.proposal.Proposer;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Tasks;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.TaskState.AwaitingApproval;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the one open recovery task of a target in step with what checks find. */
final class Proposals {

  private static final Logger LOG = LoggerFactory.getLogger(Proposals.class);

  private final Tasks tasks;
  private final Target target;
  private final Proposer proposer;
  private String notHealable = "";
  private final Set<Finding.Key> asked = new HashSet<>();

  Proposals(Vertx vertx, Store store, Target target) {
    this.tasks = new Tasks(store);
    this.target = target;
    this.proposer = new Proposer(vertx);
  }

  /** The next proposal heals this too, and is made even if one like it was refused before. */
  void ask(Finding.Key issue) {
    asked.add(issue);
  }

  /** Completes when the open task fits the diagnosis; fails when the target or the store does. */
  Future<Void> propose(Diagnosis diagnosis) {
    boolean judged = diagnosis.observation().filter(seen -> !seen.migrationAtWork()).isPresent();
    if (!judged && !isBlocked(diagnosis) && asked.isEmpty()) {
      return Future.succeededFuture();
    }
    return tasks
        .open(target.name())
        .compose(open -> {
          Optional<Planner> planner = Proposer.planner(target, diagnosis, wanted(diagnosis, open));
          return judged || planner.isPresent()
              ? propose(diagnosis, planner, open)
              : Future.succeededFuture();
        });
  }

  // A migration that is kept waiting is at work: nothing else can be judged until it is helped.
  private static boolean isBlocked(Diagnosis diagnosis) {
    return diagnosis.findings().stream()
        .anyMatch(finding -> finding.code() == IssueCode.SESSION_BLOCKING);
  }

  // What somebody asked for once stays a part of the plan while it waits.
  private List<Finding> wanted(Diagnosis diagnosis, Optional<RecoveryTask> open) {
    Set<Finding.Key> onRequest = new HashSet<>(asked);
    open.ifPresent(task -> onRequest.addAll(task.plan().heals()));
    return diagnosis.findings().stream()
        .filter(finding ->
            switch (finding.code().healing()) {
              case PROPOSED -> true;
              case ON_REQUEST -> onRequest.contains(finding.key());
              case PERSON -> false;
            })
        .toList();
  }

  private Future<Void> propose(
      Diagnosis diagnosis, Optional<Planner> planner, Optional<RecoveryTask> open) {
    boolean waits = open.map(task -> task.state() instanceof AwaitingApproval).orElse(false);
    if (open.isPresent() && !waits) {
      return Future.succeededFuture();
    }
    if (planner.isEmpty()) {
      return supersede(open, "a check no longer finds what it was to heal");
    }
    String fingerprint = planner.get().fingerprint();
    boolean same = open.map(task -> task.plan().fingerprint().equals(fingerprint)).orElse(false);
    boolean anew = !asked.isEmpty();
    asked.clear();
    if (same || (fingerprint.equals(notHealable) && !anew)) {
      return Future.succeededFuture();
    }
    return tasks
        .endedBadly(target.name(), fingerprint)
        .compose(before ->
            before && !anew
                ? supersede(open, "the target changed")
                : plan(diagnosis, planner.get(), open));
  }

  private Future<Void> supersede(Optional<RecoveryTask> open, String reason) {
    return open.map(task -> tasks.supersede(task.id(), reason)).orElse(Future.succeededFuture());
  }

  private Future<Void> plan(Diagnosis diagnosis, Planner planner, Optional<RecoveryTask> open) {
    return proposer
        .plan(target, diagnosis, planner)
        .compose(outcome ->
            switch (outcome) {
              case PlanOutcome.Planned planned -> tasks.propose(planned.plan()).mapEmpty();
              case PlanOutcome.NotHealable not -> {
                notHealable = planner.fingerprint();
                LOG.atWarn()
                    .addKeyValue("database", target.name())
                    .addKeyValue("reason", not.reason())
                    .log("No plan heals what was found; a person decides");
                yield supersede(open, "the target changed");
              }
            });
  }
}
