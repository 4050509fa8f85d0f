package dev.pgmedic.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.check.Glance;
import dev.pgmedic.check.Observation;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.issue.IssueCode.Healing;
import dev.pgmedic.lock.AdvisoryLock;
import dev.pgmedic.lock.JudgedLock;
import dev.pgmedic.lock.Judgement;
import dev.pgmedic.lock.LockSight;
import dev.pgmedic.lock.Verdict;
import dev.pgmedic.proposal.Proposer;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.SeenBackends;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A plan stays the same while what it relies on does, and no longer. */
@Timeout(180)
class FingerprintTest {

  private static final Instant START = Instant.parse("2026-01-02T03:04:05.678901Z");

  private final Vertx vertx = Vertx.vertx();
  private final Checks checks = new Checks(vertx);
  private final PostgresUrl url = TestDatabases.fresh();
  private final Target target = Target.of("test", url);
  private KnownGood good;

  @BeforeEach
  void breakIt() {
    TestDatabases.run(
        url,
        "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL)",
        "INSERT INTO alembic_version VALUES ('005')",
        "CREATE TYPE state AS ENUM ('a')",
        "CREATE TABLE users (id int PRIMARY KEY)",
        "CREATE TABLE orders (id int PRIMARY KEY, owner int REFERENCES users, state state)",
        "CREATE TABLE other (id int)");
    good = checks.knownGood(url);
    TestDatabases.run(url, "DROP TABLE orders");
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void twoLooksAtTheSameFaultMakeTheSamePlan() {
    // Given
    RecoveryPlan first = plan();

    // When
    RecoveryPlan second = plan();

    // Then
    assertThat(second.digest()).isEqualTo(first.digest()).isEqualTo(first.recomputedDigest());
    assertThat(second.fingerprint()).isEqualTo(first.fingerprint());
    assertThat(second).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO users SELECT generate_series(1, 1000)",
        "ANALYZE",
        "ALTER TABLE other ADD COLUMN more int",
        "CREATE TABLE another (id int)"
      })
  void whatThePlanDoesNotRelyOnDoesNotChangeIt(String change) {
    // Given
    RecoveryPlan before = plan();

    // When
    TestDatabases.run(url, change);

    // Then
    RecoveryPlan after = plan();
    assertThat(after.fingerprint()).isEqualTo(before.fingerprint());
    assertThat(after.digest()).isEqualTo(before.digest());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE alembic_version SET version_num = '006'",
        "ALTER TYPE state ADD VALUE 'b'",
        "ALTER TABLE users ALTER COLUMN id TYPE bigint",
        "DROP TABLE other",
      })
  void whatThePlanReliesOnChangesIt(String change) {
    // Given
    String before = planner(checks.run(url, good)).fingerprint();

    // When
    TestDatabases.run(url, change);

    // Then
    assertThat(planner(checks.run(url, good)).fingerprint()).isNotEqualTo(before);
  }

  @Test
  void anotherHolderOfTheLockIsAnotherFact() {
    // Given
    Diagnosis seen = checks.run(url, good);
    String first = holding(seen, START, Duration.ofMinutes(1)).fingerprint();

    // When
    String another = holding(seen, START.plusNanos(1_000), Duration.ofMinutes(1)).fingerprint();

    // Then
    assertThat(another).isNotEqualTo(first);
    assertThat(holding(seen, START, Duration.ofHours(1)).fingerprint()).isEqualTo(first);
  }

  private Planner holding(Diagnosis seen, Instant start, Duration quiet) {
    Observation all = seen.observation().orElseThrow();
    AdvisoryLock lock =
        new AdvisoryLock(
            "1",
            true,
            false,
            Optional.empty(),
            Optional.of(SeenBackends.idle(77, start, quiet)),
            Optional.empty(),
            List.of());
    JudgedLock orphaned =
        new JudgedLock(lock, new Judgement(Verdict.ORPHANED, List.of()), false, Duration.ZERO);
    Observation locked =
        new Observation(
            new Glance(
                all.identity(),
                all.stamp(),
                LockSight.of(List.of(orphaned)),
                all.history(),
                all.lockPause(),
                Map.of()),
            all.catalog(),
            all.rows());
    Finding held = new Finding(IssueCode.LOCK_ORPHANED, lock.key(), "held", "end it", Map.of());
    return new Planner(target, locked, Optional.of(good), List.of(held));
  }

  // What is healed on request alone nobody asked for.
  private Planner planner(Diagnosis diagnosis) {
    List<Finding> proposed =
        diagnosis.findings().stream()
            .filter(finding -> finding.code().healing() == Healing.PROPOSED)
            .toList();
    return Proposer.planner(target, diagnosis, proposed).orElseThrow();
  }

  private RecoveryPlan plan() {
    Diagnosis diagnosis = checks.run(url, good);
    PlanOutcome outcome = new Proposer(vertx).plan(target, diagnosis, planner(diagnosis)).await();
    assertThat(outcome).isInstanceOf(PlanOutcome.Planned.class);
    return ((PlanOutcome.Planned) outcome).plan();
  }
}
