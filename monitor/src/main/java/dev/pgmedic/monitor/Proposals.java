package dev.pgmedic.monitor;

import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode.Healing;
import dev.pgmedic.plan.PlanOutcome;
import dev.pgmedic.plan.Planner;
import dev.pgmedic.proposal.Proposer;
import dev.pgmedic.store.Deed;
import dev.pgmedic.store.PolicyApprovals;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Tasks;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.Lane;
import dev.pgmedic.task.Priority;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.TaskState.AwaitingApproval;
import dev.pgmedic.task.Terms;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the one open recovery task of a lane in step with what checks find. */
final class Proposals {

  private static final Logger LOG = LoggerFactory.getLogger(Proposals.class);

  private final Store store;
  private final Tasks tasks;
  private final PolicyApprovals approvals;
  private final Target target;
  private final Lane lane;
  private final Proposer proposer;
  private String notHealable = "";
  private String decision = "";
  private final Map<Finding.Key, Request> asked = new HashMap<>();

  Proposals(Vertx vertx, Store store, Target target, Lane lane) {
    this.lane = lane;
    this.store = store;
    this.tasks = new Tasks(store);
    this.approvals = new PolicyApprovals(store);
    this.target = target;
    this.proposer = new Proposer(vertx);
  }

  /** The next proposal heals this too, and is made even if one like it was refused before. */
  void ask(Finding.Key issue, Request request) {
    asked.put(issue, request);
    decision = "";
  }

  /** Why the last proposal does not heal what was asked for, in sentences; empty when it does. */
  String decision() {
    return decision;
  }

  /** Whether somebody asked for something that is not proposed yet. */
  boolean isAsked() {
    return !asked.isEmpty();
  }

  /**
   * Completes when the open task of the lane fits the diagnosis; fails when the target or the store
   * does.
   */
  Future<Void> propose(Diagnosis diagnosis, Optional<RecoveryTask> open) {
    boolean judged = diagnosis.observation().filter(seen -> !seen.migrationAtWork()).isPresent();
    decide(diagnosis);
    Optional<Planner> planner = Proposer.planner(target, diagnosis, wanted(diagnosis, open));
    return judged || planner.isPresent()
        ? propose(diagnosis, planner, open)
        : Future.succeededFuture();
  }

  private void decide(Diagnosis diagnosis) {
    if (!asked.isEmpty()) {
      List<Finding> findings =
          diagnosis.findings().stream().filter(found -> asked.containsKey(found.key())).toList();
      decision = Proposer.decisions(target, diagnosis, findings);
    }
  }

  // What somebody asked for once stays a part of the plan while it waits.
  private List<Finding> wanted(Diagnosis diagnosis, Optional<RecoveryTask> open) {
    Set<Finding.Key> onRequest = new HashSet<>(asked.keySet());
    open.ifPresent(task -> onRequest.addAll(task.plan().heals()));
    return diagnosis.findings().stream()
        .filter(finding -> Lane.of(finding.code()) == lane)
        .filter(finding ->
            target.policy().proposed().contains(finding.code())
                || (finding.code().healing() != Healing.PERSON
                    && onRequest.contains(finding.key())))
        .toList();
  }

  private Future<Void> propose(
      Diagnosis diagnosis, Optional<Planner> planner, Optional<RecoveryTask> open) {
    boolean waits = open.map(task -> task.state() instanceof AwaitingApproval).orElse(false);
    if (open.isPresent() && (!waits || (isUndo(open) && !isUrgent(planner)))) {
      return Future.succeededFuture();
    }
    if (planner.isEmpty()) {
      return supersede(open, "a check no longer finds what it was to heal");
    }
    String fingerprint = planner.get().fingerprint();
    boolean same = open.filter(task -> isSame(task, fingerprint)).isPresent();
    boolean anew = !asked.isEmpty();
    Terms terms = Terms.of(target.policy(), requesters(planner.get(), open));
    List<Deed> deeds = asked.values().stream().flatMap(request -> request.deed().stream()).toList();
    asked.clear();
    if (same) {
      return approve(open);
    }
    if (fingerprint.equals(notHealable) && !anew) {
      return Future.succeededFuture();
    }
    return tasks
        .endedBadly(target.name(), fingerprint)
        .compose(before ->
            before && !anew
                ? supersede(open, "the target changed")
                : plan(
                    new Wanted(diagnosis, planner.get(), terms, deeds),
                    anew ? Optional.empty() : open));
  }

  private record Wanted(Diagnosis diagnosis, Planner planner, Terms terms, List<Deed> deeds) {}

  // Another policy asks for other approvals: what was approved so far was approved on other terms.
  private boolean isSame(RecoveryTask task, String fingerprint) {
    return task.plan().fingerprint().equals(fingerprint) && task.terms().fit(target.policy());
  }

  // Who asked for something stays who asked for it when the plan for it is made anew.
  private List<String> requesters(Planner planner, Optional<RecoveryTask> open) {
    Set<Finding.Key> healed =
        planner.healed().stream().map(Finding::key).collect(Collectors.toSet());
    return Stream.concat(
            asked.values().stream().flatMap(request -> request.by().stream()),
            open.stream()
                .filter(task -> task.plan().heals().stream().anyMatch(healed::contains))
                .flatMap(task -> task.terms().requestedBy().stream()))
        .toList();
  }

  private Future<Void> approve(Optional<RecoveryTask> task) {
    return task.filter(proposed -> target.recovery().isPresent())
        .map(proposed -> approvals.approve(proposed.id(), target.policy()).<Void>mapEmpty())
        .orElse(Future.succeededFuture());
  }

  private static boolean isUndo(Optional<RecoveryTask> open) {
    return open.flatMap(RecoveryTask::undoOf).isPresent();
  }

  // A person wants something taken back: that waits for no less than a person or an outage.
  private boolean isUrgent(Optional<Planner> planner) {
    return !asked.isEmpty()
        || planner
            .map(plan -> Priority.of(plan.healed().stream().map(Finding::key).toList()))
            .filter(Priority.HIGH::equals)
            .isPresent();
  }

  private Future<Void> supersede(Optional<RecoveryTask> open, String reason) {
    return open.map(task -> tasks.supersede(task.id(), reason)).orElse(Future.succeededFuture());
  }

  // What somebody asked for in vain leaves alone what waits already.
  private Future<Void> plan(Wanted wanted, Optional<RecoveryTask> open) {
    return proposer
        .plan(target, wanted.diagnosis(), wanted.planner())
        .compose(outcome ->
            switch (outcome) {
              case PlanOutcome.Planned planned ->
                  new Tasks(store.audited(wanted.deeds()))
                      .propose(planned.plan(), wanted.terms())
                      .compose(this::approve);
              case PlanOutcome.NotHealable not -> {
                notHealable = wanted.planner().fingerprint();
                decision = not.reason();
                LOG.atWarn()
                    .addKeyValue("database", target.name())
                    .addKeyValue("reason", not.reason())
                    .log("No plan heals what was found; a person decides");
                yield supersede(open, "the target changed");
              }
            });
  }
}
