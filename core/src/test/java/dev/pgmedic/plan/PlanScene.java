package dev.pgmedic.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.proposal.Proposer;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A database of which plans are made as for a person who asks, and run as a worker runs them. */
final class PlanScene implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  private final Checks checks = new Checks(vertx);
  private final PostgresUrl url = TestDatabases.fresh();

  PostgresUrl url() {
    return url;
  }

  /** Runs statements and keeps the database as known-good. */
  KnownGood good(String... statements) {
    TestDatabases.run(url, statements);
    return checks.knownGood(url);
  }

  /** What a check finds, as {@code code subject}. */
  List<String> findings(KnownGood good) {
    return checks.findings(url, good);
  }

  /** What comes of asking for one issue. */
  PlanOutcome outcome(KnownGood good, String issue) {
    Target target = Target.of("test", url);
    Diagnosis diagnosis = checks.run(url, good);
    List<Finding> asked =
        diagnosis.findings().stream().filter(found -> Checks.text(found).equals(issue)).toList();
    assertThat(asked).as(issue + " among " + diagnosis.findings()).hasSize(1);
    return Proposer.planner(target, diagnosis, asked)
        .map(planner -> new Proposer(vertx).plan(target, diagnosis, planner).await())
        .orElseGet(() -> new PlanOutcome.NotHealable(Proposer.decisions(target, diagnosis, asked)));
  }

  /** The plan for one issue. */
  RecoveryPlan planned(KnownGood good, String issue) {
    PlanOutcome outcome = outcome(good, issue);
    assertThat(outcome).isInstanceOf(PlanOutcome.Planned.class);
    return ((PlanOutcome.Planned) outcome).plan();
  }

  /** Why there is no plan for one issue. */
  String refused(KnownGood good, String issue) {
    PlanOutcome outcome = outcome(good, issue);
    assertThat(outcome).isInstanceOf(PlanOutcome.NotHealable.class);
    return ((PlanOutcome.NotHealable) outcome).reason();
  }

  /** Runs each step in a transaction of its own. */
  void run(RecoveryPlan plan) throws SQLException {
    run(plan, url.user());
  }

  /** As {@link #run(RecoveryPlan)}, logged in as this role. */
  void run(RecoveryPlan plan, String role) throws SQLException {
    try (Connection connection = TestDatabases.connect(TestDatabases.as(url, role));
        Statement statement = connection.createStatement()) {
      for (Step step : plan.steps()) {
        if (step.action().statements().isPresent()) {
          statement.execute("BEGIN");
          statement.execute(step.action().statements().get());
          statement.execute("COMMIT");
        }
      }
    }
  }

  /** What a step's own condition says. */
  String standing(Step step) {
    try (Connection connection = TestDatabases.connect(url);
        Statement statement = connection.createStatement()) {
      statement.execute("SET search_path = pg_catalog");
      ResultSet row = statement.executeQuery(step.action().condition().orElseThrow());
      return row.next() ? row.getString(1) : "no row";
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
