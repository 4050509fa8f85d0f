package dev.pgmedic.api;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.plan.PlanOutcome;
import dev.pgmedic.plan.Planner;
import dev.pgmedic.plan.RecoveryPlan;
import dev.pgmedic.proposal.Proposer;
import dev.pgmedic.store.Issues;
import dev.pgmedic.store.Tasks;
import dev.pgmedic.target.Policy;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Recovery;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.Terms;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A database that lost a table with its rows, and the plan that heals it. */
final class BrokenShop {

  private final PostgresUrl url = TestDatabases.fresh().withPassword(Optional.of(Service.PASSWORD));
  private final Target target;

  private BrokenShop(String name, Optional<Policy> leave) {
    Target plain = Target.of(name, url);
    target =
        new Target(
            name,
            url,
            Map.of("env", "test"),
            plain.migrations(),
            plain.expect(),
            leave.map(policy -> new Recovery(url, List.of(), policy)),
            plain.checkEvery(),
            plain.deadlines());
  }

  static BrokenShop healable() {
    return healable(Policy.DEFAULT);
  }

  static BrokenShop healable(Policy policy) {
    return new BrokenShop("shop", Optional.of(policy));
  }

  static BrokenShop observed() {
    return new BrokenShop("shown", Optional.empty());
  }

  Target target() {
    return target;
  }

  /** Breaks it, records the fault and proposes its recovery. */
  @CanIgnoreReturnValue
  RecoveryTask propose(Service service) {
    return propose(service, List.of());
  }

  /** As {@link #propose(Service)}, because these asked for it. */
  RecoveryTask propose(Service service, List<String> requestedBy) {
    TestDatabases.run(
        url,
        "CREATE TABLE orders (id int PRIMARY KEY)",
        "INSERT INTO orders SELECT generate_series(1, 100)",
        "ANALYZE orders");
    Checks checks = new Checks(service.vertx());
    KnownGood good = checks.knownGood(url);
    TestDatabases.run(url, "DROP TABLE orders");
    Diagnosis diagnosis = checks.run(target, version -> Future.succeededFuture(Optional.of(good)));
    var recorded = new Issues(service.store()).record(target, diagnosis).await();
    if (recorded.healthy()) {
      throw new IllegalStateException("the loss was not seen");
    }
    return new Tasks(service.store())
        .propose(plan(service, diagnosis), Terms.of(target.policy(), requestedBy))
        .await()
        .orElseThrow();
  }

  private RecoveryPlan plan(Service service, Diagnosis diagnosis) {
    Planner planner = Proposer.planner(target, diagnosis, diagnosis.findings()).orElseThrow();
    PlanOutcome outcome = new Proposer(service.vertx()).plan(target, diagnosis, planner).await();
    return switch (outcome) {
      case PlanOutcome.Planned planned -> planned.plan();
      case PlanOutcome.NotHealable not -> throw new IllegalStateException(not.reason());
    };
  }

  /** What a check tells that found one thing. */
  static Diagnosis found(Target target, IssueCode code, String subject, String message) {
    Finding finding = new Finding(code, subject, message, "Look at it", Map.of("seen", 1));
    return found(target, List.of(finding));
  }

  /** What a check tells that found these things. */
  static Diagnosis found(Target target, List<Finding> findings) {
    return new Diagnosis(
        target.name(),
        Instant.now(),
        Duration.ofMillis(12),
        Optional.empty(),
        Optional.empty(),
        findings,
        Set.of());
  }
}
