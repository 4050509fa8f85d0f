package dev.pgmedic.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.issue.Finding;
import dev.pgmedic.lock.LockScene;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.Expectation;
import dev.pgmedic.target.Migrations;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a check makes of locks and sessions, on a real server: one fault is one finding. */
@Timeout(180)
class LockFindingsTest {

  private static final String LIQUIBASE =
      "CREATE TABLE databasechangeloglock (id int PRIMARY KEY, locked bool NOT NULL,"
          + " lockgranted timestamp, lockedby varchar(255))";
  private static final String GRANTED =
      "INSERT INTO databasechangeloglock VALUES (1, true, now() AT TIME ZONE 'UTC' - interval"
          + " '13 hours', 'pod-7 (10.1.2.3)')";
  private static final String FLYWAY = "PostgreSQL JDBC Driver";
  private static final String FLYWAY_LOCK = "SELECT pg_try_advisory_xact_lock(77433833903597)";

  private final Vertx vertx = Vertx.vertx();
  private final LockScene scene = new LockScene();
  private final DatabaseCheck check =
      new DatabaseCheck(vertx, Clock.systemUTC(), Checks.LOCK_PAUSE);

  @AfterEach
  void close() {
    scene.close();
    vertx.close().await();
  }

  private Diagnosis check(Duration idle) {
    Deadlines usual = Deadlines.DEFAULT;
    Deadlines deadlines =
        new Deadlines(
            usual.connect(),
            usual.check(),
            usual.lockWait(),
            usual.statement(),
            usual.command(),
            usual.recovery(),
            idle);
    Target target =
        new Target(
            "scene",
            scene.url(),
            Map.of(),
            Migrations.DETECTED,
            Expectation.NONE,
            Optional.empty(),
            Target.DEFAULT_CHECK_EVERY,
            deadlines);
    return check.run(target, KnownGoodLookup.NONE).await();
  }

  private List<Finding> findings() {
    return check(LockScene.IDLE).findings();
  }

  private static List<String> texts(List<Finding> findings) {
    return findings.stream().map(Checks::text).toList();
  }

  private static String session(Connection session) {
    return "session " + TestDatabases.pid(session);
  }

  private void quietFor(Connection session, Duration pause) {
    await()
        .untilAsserted(() ->
            assertThat(
                    TestDatabases.query(
                        scene.url(),
                        "SELECT 1 FROM pg_stat_activity WHERE clock_timestamp() - state_change > '"
                            + pause.toMillis()
                            + " ms' AND pid = "
                            + TestDatabases.pid(session)))
                .isNotEmpty());
  }

  @Test
  void aLockRowWhoseRunIsGoneIsAFault() {
    // Given
    TestDatabases.run(scene.url(), LIQUIBASE, GRANTED);

    // When
    List<Finding> findings = findings();

    // Then
    assertThat(texts(findings)).containsExactly("lock.row-stale public.databasechangeloglock 1");
    assertThat(findings.get(0).message()).contains("pod-7 (10.1.2.3)");
    assertThat(findings.get(0).recommendation()).contains("liquibase release-locks");
    assertThat(findings.get(0).evidence()).containsKeys("recorded_at", "row_version", "why");
  }

  @Test
  void aLockRowWhoseRunMayLiveIsNoFaultAndAMigrationIsAtWork() {
    // Given
    TestDatabases.run(scene.url(), LIQUIBASE);
    Connection liquibase = scene.session("liquibase", GRANTED.replace("13 hours", "1 minute"));
    LockScene.run(liquibase, "BEGIN", "CREATE TABLE half_done (id int)");

    // When
    Diagnosis diagnosis = check(Duration.ofMinutes(10));

    // Then
    assertThat(diagnosis.findings()).isEmpty();
    assertThat(diagnosis.glance().orElseThrow().sight().atWork().orElseThrow())
        .contains("liquibase's lock row");
    assertThat(diagnosis.glance().orElseThrow().migrationAtWork()).isTrue();
  }

  @Test
  void knexRowIsStaleOnceNoSessionCouldBeItsRun() {
    // Given
    TestDatabases.run(
        scene.url(),
        "CREATE TABLE knex_migrations_lock (\"index\" int PRIMARY KEY, is_locked int)",
        "INSERT INTO knex_migrations_lock VALUES (1, 1)");
    Connection app = scene.session("app");
    List<Finding> unsure = findings();
    end(app);

    // When
    List<Finding> sure = findings();

    // Then
    assertThat(unsure).isEmpty();
    assertThat(texts(sure)).containsExactly("lock.row-stale public.knex_migrations_lock 1");
  }

  private void end(Connection session) {
    String pid = String.valueOf(TestDatabases.pid(session));
    await()
        .untilAsserted(() ->
            assertThat(
                    TestDatabases.query(
                        scene.url(), "SELECT pg_terminate_backend(" + pid + ", 5000)"))
                .containsExactly("t"));
  }

  @Test
  void aForgottenTransactionThatBlocksAMigrationIsOneFaultAndItsRootIsNamed() {
    // Given: the reader stands behind the migration, which stands behind the forgotten one
    TestDatabases.run(scene.url(), "CREATE TABLE visit (id int)");
    Connection forgotten = scene.session("report", "BEGIN", "SELECT count(*) FROM visit");
    Connection migration = scene.queued("alembic", "ALTER TABLE visit ADD COLUMN note text");
    scene.queued("web", "SELECT * FROM visit WHERE id = 4711");
    quietFor(forgotten, LockScene.IDLE);

    // When
    List<Finding> findings = findings();

    // Then
    assertThat(texts(findings)).containsExactly("session.blocking " + session(forgotten));
    Finding blocking = findings.get(0);
    assertThat(blocking.message())
        .isEqualTo(
            session(forgotten)
                + " keeps a migration waiting for AccessExclusiveLock on"
                + " public.visit");
    assertThat(blocking.evidence())
        .containsEntry("state", "idle in transaction")
        .containsEntry("migrations_waiting", 1)
        .containsEntry("others_waiting", 1L)
        .containsKeys("backend_start", "transaction_seconds", "statement");
    assertThat(blocking.evidence().get("waiting").toString())
        .contains("pid=" + TestDatabases.pid(migration), "ALTER TABLE visit");
    assertThat(findings().get(0).message()).isEqualTo(blocking.message());
  }

  @Test
  void aForgottenTransactionThatBlocksNobodyIsAWarning() {
    // Given
    TestDatabases.run(scene.url(), "CREATE TABLE visit (id int)");
    Connection forgotten = scene.session("report", "BEGIN", "SELECT count(*) FROM visit");
    quietFor(forgotten, LockScene.IDLE);

    // When
    List<Finding> findings = findings();

    // Then
    assertThat(texts(findings))
        .containsExactly("session.idle-in-transaction " + session(forgotten));
    assertThat(check(Duration.ofMinutes(10)).findings()).isEmpty();
  }

  @Test
  void aMigrationThatWaitsForAMigrationIsNoFault() {
    // Given
    TestDatabases.run(scene.url(), "CREATE TABLE visit AS SELECT generate_series(1, 10) AS id");
    Connection first = scene.session("first", "BEGIN");
    LockScene.run(first, "CREATE TABLE other (id int)", "LOCK TABLE visit IN SHARE MODE");
    scene.queued("second", "ALTER TABLE visit ADD COLUMN note text");

    // When
    Diagnosis diagnosis = check(Duration.ofMinutes(10));

    // Then: it has done nothing for less than half a minute
    assertThat(diagnosis.findings()).isEmpty();
  }

  @Test
  void aPreparedTransactionThatBlocksIsToldByItsName() {
    // Given
    TestDatabases.run(scene.url(), "CREATE TABLE visit (id int)");
    scene.session("xa", "BEGIN", "INSERT INTO visit VALUES (1)", "PREPARE TRANSACTION 'left over'");
    Connection migration = scene.queued("alembic", "ALTER TABLE visit ADD COLUMN note text");
    quietFor(migration, LockScene.IDLE);

    // When
    List<Finding> findings = findings();
    end(migration);
    TestDatabases.run(scene.url(), "ROLLBACK PREPARED 'left over'");

    // Then
    assertThat(texts(findings))
        .containsExactly("session.blocking prepared transaction \"left over\"");
  }

  @Test
  void aHolderThatIdlesIsSuspectedOnceSomebodyWaitsAndLiveWhileItsSiblingWorks() {
    // Given
    Connection holder = scene.session(FLYWAY, "BEGIN", FLYWAY_LOCK);
    Connection waiting = scene.queued("next", "SELECT pg_advisory_lock(77433833903597)");
    quietFor(holder, LockScene.IDLE);
    List<Finding> suspected = findings();
    scene.working(FLYWAY, "SELECT pg_sleep(60)");

    // When
    List<Finding> live = findings();

    // Then
    assertThat(texts(suspected)).containsExactly("lock.orphaned 77433833903597");
    assertThat(suspected.get(0).evidence())
        .containsEntry("verdict", "suspected")
        .containsEntry("waiters", 1);
    assertThat(suspected.get(0).evidence().get("waiting").toString())
        .contains("pid=" + TestDatabases.pid(waiting));
    assertThat(suspected.get(0).recommendation()).contains("may end a live run");
    assertThat(live).isEmpty();
  }

  @Test
  void flywayThatWaitsForItselfIsBlockedByItsOwnLock() {
    // Given
    TestDatabases.run(scene.url(), "CREATE TABLE visit (id int)");
    Connection holder = scene.session(FLYWAY, "BEGIN", FLYWAY_LOCK);
    scene.queued(FLYWAY, "CREATE INDEX CONCURRENTLY visit_id ON visit (id)");
    quietFor(holder, LockScene.IDLE);

    // When
    Diagnosis diagnosis = check(LockScene.IDLE);

    // Then: nor is the index that is not yet there an invalid one
    assertThat(texts(diagnosis.findings())).containsExactly("session.blocking " + session(holder));
    assertThat(diagnosis.glance().orElseThrow().migrationAtWork()).isTrue();
  }

  @Test
  void aLockThatIsWaitedForInVainIsForAPersonToLookAt() {
    // Given: a key that only may be Flyway's
    Connection holder = scene.session("app", "SELECT pg_advisory_lock(77433833903598)");
    Connection waiting = scene.queued("app2", "SELECT pg_advisory_lock(77433833903598)");
    quietFor(holder, LockScene.IDLE);
    quietFor(waiting, LockScene.IDLE);

    // When
    List<Finding> findings = findings();

    // Then
    assertThat(texts(findings)).containsExactly("lock.contended 77433833903598");
    assertThat(texts(check(Duration.ofMinutes(10)).findings())).isEmpty();
  }

  @Test
  void aCrowdThatWaitsForAMigrationAtWorkIsNoFault() {
    // Given
    scene.working("rails", "SELECT pg_advisory_lock(75474063), pg_sleep(60)");
    Connection waiting = scene.queued("rails2", "SELECT pg_advisory_lock(75474063)");
    scene.queued("rails3", "SELECT pg_advisory_lock(75474063)");
    quietFor(waiting, LockScene.IDLE);

    // When
    List<Finding> findings = findings();

    // Then
    assertThat(findings).isEmpty();
  }

  @Test
  void whoeverHoldsTheHistoryIsNamed() {
    // Given
    TestDatabases.run(
        scene.url(), "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY)");
    Connection holder =
        scene.session("psql", "BEGIN", "LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE");

    // When
    Diagnosis diagnosis = check(Duration.ofMinutes(10));

    // Then
    assertThat(diagnosis.findings()).isEmpty();
    assertThat(diagnosis.glance().orElseThrow().sight().atWork().orElseThrow())
        .startsWith(
            "public.alembic_version is locked by "
                + session(holder)
                + ", idle in transaction for ");
  }

  @Test
  void whoeverKeepsAToolFromItsHistoryBlocksAMigration() {
    // Given
    TestDatabases.run(
        scene.url(), "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY)");
    Connection holder =
        scene.session("psql", "BEGIN", "LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE");
    scene.queued("alembic", "SELECT version_num FROM alembic_version");
    quietFor(holder, LockScene.IDLE);

    // When
    List<Finding> findings = findings();

    // Then
    assertThat(texts(findings)).containsExactly("session.blocking " + session(holder));
  }
}
