package dev.pgmedic.store;

import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.check.KnownGoodLookup;
import dev.pgmedic.check.Observation;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.plan.PlanOutcome;
import dev.pgmedic.plan.Planner;
import dev.pgmedic.plan.RecoveryPlan;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A store with a target that has a leftover enum type, and the plan that heals it. */
final class Incidents {

  static final String TARGET = "homelab";

  final PostgresUrl url = TestDatabases.fresh();
  final Store store;
  final Tasks tasks;
  final Claims claims;
  final Issues issues;
  final Target target = Target.of(TARGET, url);
  private final Observation seen;

  Incidents(Vertx vertx) {
    store = Store.open(vertx, url).await();
    tasks = new Tasks(store);
    claims = new Claims(store);
    issues = new Issues(store);
    TestDatabases.run(url, "CREATE TYPE left_over AS ENUM ('a')");
    seen = new Checks(vertx).run(target, KnownGoodLookup.NONE).observation().orElseThrow();
  }

  static Finding finding(IssueCode code, String subject, String message) {
    return new Finding(code, subject, message, "do something", Map.of("a", 1));
  }

  Diagnosis diagnosis(Finding... findings) {
    return diagnosis(Instant.now().truncatedTo(ChronoUnit.MICROS), findings);
  }

  Diagnosis diagnosis(Instant at, Finding... findings) {
    return new Diagnosis(
        TARGET,
        at,
        Duration.ofMillis(5),
        Optional.of(seen),
        Optional.empty(),
        List.of(findings),
        Set.of());
  }

  RecoveryPlan plan() {
    Finding leftOver = finding(IssueCode.ENUM_LEFTOVER, "public.left_over", "is left over");
    Planner planner = new Planner(target, seen, Optional.empty(), List.of(leftOver));
    return ((PlanOutcome.Planned) planner.plan("")).plan();
  }

  RecoveryTask proposed() {
    issues
        .record(
            target, diagnosis(plan().heals().stream().map(Incidents::of).toArray(Finding[]::new)))
        .await();
    return tasks.propose(plan()).await().orElseThrow();
  }

  private static Finding of(Finding.Key key) {
    return finding(key.code(), key.subject(), "is left over");
  }

  /** Proposes the plan and approves it. */
  void approve() {
    RecoveryTask task = proposed();
    tasks.approve(task.id(), decision(task.plan().digest(), false)).await();
  }

  static Decision decision(String digest, boolean acceptDataLoss) {
    return new Decision("jarvis", "token", digest, "go", acceptDataLoss);
  }

  List<String> query(String sql) {
    return TestDatabases.query(url, sql);
  }
}
