package dev.pgmedic.lock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.lock.LockReport.Entry;
import dev.pgmedic.lock.LockReport.Kind;
import dev.pgmedic.lock.LockReport.SessionView;
import dev.pgmedic.lock.signature.KnownKey.Level;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Locks held as the tools hold them, on a real server. */
@Timeout(180)
class SessionLocksTest {

  private static final String FLYWAY = "PostgreSQL JDBC Driver";
  private static final String FLYWAY_LOCK = "SELECT pg_try_advisory_xact_lock(77433833903597)";
  private static final String ECTO_TABLE =
      "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, inserted_at timestamp(0))";
  private static final String ECTO_LOCK =
      "LOCK TABLE schema_migrations IN SHARE UPDATE EXCLUSIVE MODE";
  private static final LockLimits USUAL = LockLimits.DEFAULT;

  private final LockScene scene = new LockScene();

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void flywayThatIdlesInItsTransactionWhileItsSiblingWorksIsLive() {
    // Given
    scene.session(FLYWAY, "BEGIN", FLYWAY_LOCK);
    Connection sibling = scene.working(FLYWAY, "SELECT pg_sleep(60)");
    scene.queued("another deploy", "SELECT pg_advisory_lock(77433833903597)");

    // When
    Entry lock = scene.onlyLock();

    // Then
    assertThat(lock.tool()).isEqualTo("flyway");
    assertThat(lock.holder().orElseThrow().state()).contains("idle in transaction");
    assertThat(lock.siblings()).extracting(SessionView::pid).contains(TestDatabases.pid(sibling));
    assertThat(lock.verdict()).isEqualTo(Verdict.LIVE);
    assertThat(lock.evidence())
        .anyMatch(line ->
            line.startsWith("its sibling session " + TestDatabases.pid(sibling) + " is active"));
  }

  @Test
  void flywayWithoutASiblingIsSuspectedOnceSomebodyWaits() {
    // Given
    scene.session(FLYWAY, "BEGIN", FLYWAY_LOCK);
    Entry alone = scene.onlyLock();
    Connection waiter = scene.queued("another deploy", "SELECT pg_advisory_lock(77433833903597)");

    // When
    Entry lock = scene.onlyLock();

    // Then
    assertThat(alone.verdict()).isEqualTo(Verdict.LIVE);
    assertThat(alone.evidence()).anyMatch(line -> line.contains("nobody waits"));
    assertThat(lock.verdict()).isEqualTo(Verdict.SUSPECTED);
    assertThat(lock.waiters())
        .extracting(SessionView::pid)
        .containsExactly(TestDatabases.pid(waiter));
    assertThat(lock.evidence()).anyMatch(line -> line.contains("may still end a live run"));
    assertThat(scene.look(scene.url(), USUAL).locks().get(0).verdict()).isEqualTo(Verdict.LIVE);
  }

  @Test
  void whoTriesAgainAndAgainWaitsToo() {
    // Given
    scene.session(FLYWAY, "BEGIN", FLYWAY_LOCK);
    Connection poller = scene.session("another deploy", "BEGIN", FLYWAY_LOCK);

    // When
    Entry lock = scene.onlyLock();

    // Then
    assertThat(lock.waiters())
        .singleElement()
        .satisfies(waiter -> {
          assertThat(waiter.pid()).isEqualTo(TestDatabases.pid(poller));
          assertThat(waiter.waits()).contains(Waiter.How.POLLS);
        });
    assertThat(lock.verdict()).isEqualTo(Verdict.SUSPECTED);
  }

  @Test
  void aSiblingThatWaitsForItsOwnLockHolderIsToldAsTheHangItIs() {
    // Given
    TestDatabases.run(scene.url(), "CREATE TABLE t (id int)");
    Connection holder = scene.session(FLYWAY, "BEGIN", FLYWAY_LOCK, "SELECT 1 FROM t");
    Connection sibling = scene.queued(FLYWAY, "ALTER TABLE t ADD COLUMN c int");

    // When
    Entry lock = scene.onlyLock();

    // Then
    assertThat(lock.verdict()).isEqualTo(Verdict.LIVE);
    assertThat(lock.evidence())
        .contains(
            "session "
                + TestDatabases.pid(sibling)
                + " waits for session "
                + TestDatabases.pid(holder)
                + " of the same client: this never ends by itself");
  }

  @Test
  void ectoThatIdlesInItsTransactionWhileItsSiblingWorksIsLive() {
    // Given
    TestDatabases.run(scene.url(), ECTO_TABLE);
    scene.session("ecto", "BEGIN", ECTO_LOCK);
    scene.working("ecto", "SELECT pg_sleep(60)");
    scene.queued("other", ECTO_LOCK.replace("LOCK", "BEGIN; LOCK"));

    // When
    Entry lock = scene.onlyLock();

    // Then
    assertThat(lock.tool()).isEqualTo("ecto");
    assertThat(lock.kind()).isEqualTo(Kind.TABLE);
    assertThat(lock.key()).isEqualTo("\"public\".\"schema_migrations\"");
    assertThat(lock.verdict()).isEqualTo(Verdict.LIVE);
  }

  @Test
  void ectoWithoutASiblingIsSuspectedOnceSomebodyWaits() {
    // Given
    TestDatabases.run(scene.url(), ECTO_TABLE);
    scene.session("ecto", "BEGIN", ECTO_LOCK);
    scene.queued("other", "BEGIN; " + ECTO_LOCK);

    // When
    Entry lock = scene.onlyLock();

    // Then
    assertThat(lock.verdict()).isEqualTo(Verdict.SUSPECTED);
    assertThat(lock.waiters()).hasSize(1);
  }

  @Test
  void efCoreAndSqitchHoldTheirTables() {
    // Given
    TestDatabases.run(
        scene.url(),
        "CREATE TABLE \"__EFMigrationsHistory\" (\"MigrationId\" varchar(150) PRIMARY KEY,"
            + " \"ProductVersion\" varchar(32) NOT NULL)",
        "CREATE SCHEMA sqitch",
        "CREATE TABLE sqitch.changes (change_id text, script_hash text, change text, project text,"
            + " note text, committed_at timestamptz, committer_name text, committer_email text,"
            + " planned_at timestamptz, planner_name text, planner_email text)");
    scene.session("ef", "BEGIN", "LOCK TABLE \"__EFMigrationsHistory\" IN ACCESS EXCLUSIVE MODE");
    scene.session("sqitch", "BEGIN", "LOCK TABLE sqitch.changes IN EXCLUSIVE MODE");

    // When
    List<Entry> locks = scene.look().locks();

    // Then
    assertThat(locks).extracting(Entry::tool).containsExactlyInAnyOrder("ef-core", "sqitch");
    assertThat(locks)
        .allMatch(lock -> lock.level().equals(java.util.Optional.of(Level.TRANSACTION)));
  }

  @Test
  void sqitchWorksThroughPsql() {
    // Given
    scene.session("sqitch", "SELECT pg_try_advisory_lock(75474063)");
    scene.queued("another sqitch", "SELECT pg_advisory_lock(75474063)");
    Entry alone = scene.onlyLock();
    scene.working("psql", "SELECT pg_sleep(60)");

    // When
    Entry lock = scene.onlyLock();

    // Then
    assertThat(alone.verdict()).isEqualTo(Verdict.SUSPECTED);
    assertThat(lock.verdict()).isEqualTo(Verdict.LIVE);
  }

  @Test
  void aReaderOfAToolsTableHoldsNoLockOfTheTool() {
    // Given
    TestDatabases.run(scene.url(), ECTO_TABLE);

    // When
    scene.session("app", "BEGIN", "SELECT * FROM schema_migrations");

    // Then
    assertThat(scene.look().locks()).isEmpty();
  }

  @Test
  void aKeyOfAnApplicationIsToldAndNeverJudged() {
    // Given
    scene.session("app", "SELECT pg_advisory_lock(-42), pg_advisory_lock(-1, 2147483647)");
    scene.queued("app", "SELECT pg_advisory_lock(-42)");

    // When
    List<Entry> locks = scene.look().locks();

    // Then
    assertThat(locks).extracting(Entry::key).containsExactlyInAnyOrder("-42", "-1,2147483647");
    assertThat(locks).extracting(Entry::tool).containsOnly("application");
    assertThat(locks).extracting(Entry::verdict).containsOnly(Verdict.UNKNOWN);
    assertThat(locks).allMatch(lock -> lock.evidence().toString().contains("never touched"));
  }

  @Test
  void aKeyThatTheTargetNamesIsATools() {
    // Given
    scene.session("deploy.sh", "SELECT pg_advisory_lock(4711)");
    scene.queued("deploy.sh", "SELECT pg_advisory_lock(4711)");

    // When
    Entry lock =
        scene
            .look(scene.url(), new LockLimits(USUAL.pause(), LockScene.IDLE), 4711L)
            .locks()
            .get(0);

    // Then
    assertThat(lock.tool()).isEqualTo("lock_keys");
    assertThat(lock.verdict()).isEqualTo(Verdict.SUSPECTED);
  }

  @Test
  void aKeyThatIsMerelyInFlywaysRangeIsLeftAlone() {
    // Given
    scene.session("app", "SELECT pg_advisory_lock(77433833903598)");
    scene.queued("app2", "SELECT pg_advisory_lock(77433833903598)");

    // When
    Entry lock = scene.onlyLock();

    // Then
    assertThat(lock.tool()).isEqualTo("flyway");
    assertThat(lock.verdict()).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void ourOwnLockIsOrphanedWhenItsHeartStops() {
    // Given
    scene.session("pgmedic/crashed/1", "SELECT pg_advisory_lock(" + MigrationLock.KEY + ")");

    // When
    Entry live = scene.look(scene.url(), USUAL).locks().get(0);
    Entry dead =
        scene.look(scene.url(), new LockLimits(LockScene.IDLE, USUAL.idle())).locks().get(0);

    // Then
    assertThat(live.tool()).isEqualTo("pgmedic");
    assertThat(live.verdict()).isEqualTo(Verdict.LIVE);
    assertThat(dead.verdict()).isEqualTo(Verdict.ORPHANED);
    assertThat(dead.evidence()).anyMatch(line -> line.contains("never pauses longer than 150ms"));
  }

  @Test
  void whatMayNotBeSeenIsUnknownAndTheGrantThatHelpsIsNamed() {
    // Given
    String stranger = TestDatabases.role(scene.url());
    PostgresUrl as = TestDatabases.as(scene.url(), stranger);
    scene.session(FLYWAY, "BEGIN", FLYWAY_LOCK);
    scene.queued("another deploy", "SELECT pg_advisory_lock(77433833903597)");

    // When
    LockReport blind = scene.look(as, new LockLimits(USUAL.pause(), LockScene.IDLE));
    TestDatabases.run(scene.url(), "GRANT pg_monitor TO " + stranger);
    LockReport seeing = scene.look(as, new LockLimits(USUAL.pause(), LockScene.IDLE));

    // Then
    assertThat(blind.seesAllSessions()).isFalse();
    assertThat(blind.hints())
        .anyMatch(hint -> hint.contains("GRANT pg_monitor TO \"" + stranger + "\""));
    assertThat(blind.locks()).singleElement().returns(Verdict.UNKNOWN, Entry::verdict);
    assertThat(blind.locks().get(0).holder().orElseThrow().applicationName()).contains(FLYWAY);
    assertThat(seeing.hints()).isEmpty();
    assertThat(seeing.locks()).singleElement().returns(Verdict.SUSPECTED, Entry::verdict);
  }

  @Test
  void aPreparedTransactionThatHoldsAKeyIsToldByItsName() {
    // Given
    scene.session("xa", "BEGIN", FLYWAY_LOCK, "PREPARE TRANSACTION 'left\u001b[31m over'");

    // When
    Entry lock = scene.onlyLock();
    TestDatabases.run(scene.url(), "ROLLBACK PREPARED 'left\u001b[31m over'");

    // Then
    assertThat(lock.holder()).isEmpty();
    assertThat(lock.preparedTransaction()).contains("\"left\\u{1b}[31m over\"");
    assertThat(lock.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(scene.look().locks()).isEmpty();
  }

  @Test
  void anExplanationOfAHolderNamesItAndHidesItsLiterals() {
    // Given
    Connection holder =
        scene.session(
            "pgmedic/dead/1",
            "SELECT pg_advisory_lock(" + MigrationLock.KEY + ")",
            "SELECT 's3cret' AS a");

    // When
    AdvisoryLock lock = scene.advisory().get(0);
    String explanation = LockExplanation.of(lock);

    // Then
    assertThat(explanation)
        .startsWith(
            "session "
                + TestDatabases.pid(holder)
                + ", application_name \"pgmedic/dead/1\", of user")
        .contains("from 127.0.0.1, begun", "ago, idle for", "SELECT ? AS a", "verdict: live")
        .doesNotContain("s3cret");
    assertThat(LockExplanation.of(lock, java.time.Duration.ZERO)).contains("verdict: orphaned");
  }
}
