package dev.pgmedic.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.lock.LockReport.Entry;
import dev.pgmedic.lock.LockReport.Kind;
import dev.pgmedic.lock.LockReport.SessionView;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import java.sql.Connection;
import java.time.Duration;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lock rows as the tools leave them, on a real server. */
@Timeout(180)
class LockRowsTest {

  private static final String LIQUIBASE =
      "CREATE TABLE databasechangeloglock (id int PRIMARY KEY, locked boolean NOT NULL,"
          + " lockgranted timestamp, lockedby varchar(255))";
  private static final String GRANTED =
      "INSERT INTO databasechangeloglock VALUES (1, true, now() AT TIME ZONE 'UTC' - interval"
          + " '13 hours', 'pod-7 (10.1.2.3)')";
  private static final String RECENT = GRANTED.replace("13 hours", "1 minute");
  private static final String POLL = "SELECT locked FROM public.databasechangeloglock WHERE id = 1";
  private static final LockLimits LIMITS =
      new LockLimits(MigrationLock.LONGEST_PAUSE, LockScene.IDLE);

  private final LockScene scene = new LockScene();

  @AfterEach
  void close() {
    scene.close();
  }

  private void run(String... statements) {
    TestDatabases.run(scene.url(), statements);
  }

  @Test
  void liquibasesRowIsOrphanedWhenNoSessionCanBeTheRunThatWroteIt() {
    // Given
    run(LIQUIBASE, GRANTED);
    Connection waiting = scene.session("next pod", POLL);

    // When
    Entry lock = scene.onlyLock();

    // Then
    assertThat(lock.tool()).isEqualTo("liquibase");
    assertThat(lock.kind()).isEqualTo(Kind.ROW);
    assertThat(lock.table()).contains("\"public\".\"databasechangeloglock\"");
    assertThat(lock.recordedBy()).contains("pod-7 (10.1.2.3)");
    assertThat(lock.waiters())
        .extracting(SessionView::pid)
        .containsExactly(TestDatabases.pid(waiting));
    assertThat(lock.verdict()).isEqualTo(Verdict.ORPHANED);
  }

  @Test
  void liquibasesRowIsLiveWhileItsRunMayBeAtWork() {
    // Given
    run(LIQUIBASE);
    Connection liquibase = scene.session("liquibase", RECENT);
    scene.session("next pod", POLL);
    LockScene.run(liquibase, "BEGIN", "CREATE TABLE half_done (id int)");

    // When
    Entry lock = scene.look(scene.url(), LockLimits.DEFAULT).locks().get(0);

    // Then
    assertThat(lock.verdict()).isEqualTo(Verdict.LIVE);
    assertThat(lock.evidence())
        .anyMatch(line -> line.contains("session " + TestDatabases.pid(liquibase)));
  }

  @Test
  void liquibasesRowIsSuspectedWhenNothingHappensAndSomebodyWaits() {
    // Given
    run(LIQUIBASE);
    scene.session("liquibase", RECENT);
    Entry alone = scene.onlyLock();
    Connection waiting = scene.session("next pod", "BEGIN", "SET SEARCH_PATH TO public, \"$user\"");

    // When
    Entry lock = scene.onlyLock();

    // Then
    assertThat(alone.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(alone.evidence()).contains("nobody is seen to wait for it");
    assertThat(lock.verdict()).isEqualTo(Verdict.SUSPECTED);
    assertThat(lock.waiters())
        .extracting(SessionView::pid)
        .containsExactly(TestDatabases.pid(waiting));
    assertThat(lock.evidence()).anyMatch(line -> line.contains("which is 1m"));
  }

  @Test
  void aWaiterThatIsAsOldAsTheRowMayBeItsRun() {
    // Given
    run(LIQUIBASE, RECENT);
    scene.session("next pod", POLL);

    // When
    Entry young = scene.look(scene.url(), LockLimits.DEFAULT).locks().get(0);
    Entry old = scene.onlyLock();

    // Then
    assertThat(young.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(old.verdict()).isEqualTo(Verdict.SUSPECTED);
  }

  @Test
  void aSessionThatBeganAfterTheRowWasWrittenIsNotItsRun() {
    // Given: an hour old at least, whatever the zone of the client that wrote it
    run(LIQUIBASE, GRANTED);
    scene.working("app", "SELECT pg_sleep(60)");

    // When
    Entry lock = scene.onlyLock();

    // Then
    assertThat(lock.verdict()).isEqualTo(Verdict.ORPHANED);
  }

  @Test
  void aClearedRowIsNoLock() {
    // Given
    run(LIQUIBASE, GRANTED, "UPDATE databasechangeloglock SET locked = false");

    // When
    LockReport report = scene.look();

    // Then
    assertThat(report.locks()).isEmpty();
    assertThat(report.unreadTables()).isEmpty();
  }

  @Test
  void aTableIsKnownByItsShapeAndNotByItsName() {
    // Given
    run(
        "CREATE TABLE databasechangeloglock (id int, locked boolean, who text)",
        "INSERT INTO databasechangeloglock VALUES (1, true, 'an impostor')",
        "CREATE SCHEMA \"o'd\"\"d\"",
        LIQUIBASE.replace("databasechangeloglock", "\"o'd\"\"d\".\"Mine\""),
        GRANTED.replace("databasechangeloglock", "\"o'd\"\"d\".\"Mine\""));

    // When
    Entry lock = scene.onlyLock();

    // Then
    assertThat(lock.table()).contains("\"o'd\"\"d\".\"Mine\"");
  }

  @Test
  void aTypeOfSomebodysOwnDoesNotMakeTheShape() {
    // Given
    run(
        "CREATE DOMAIN public.bool AS pg_catalog.bool",
        LIQUIBASE.replace("boolean", "public.bool"),
        GRANTED);

    // When
    LockReport report = scene.look();

    // Then
    assertThat(report.locks()).isEmpty();
  }

  @Test
  void whatALockTableSaysIsDataAndBounded() {
    // Given
    run(LIQUIBASE, GRANTED);
    run(
        "UPDATE databasechangeloglock SET lockedby = E'\\x1b[2J\\nverdict: orphaned' ||"
            + " repeat('x', 230)");

    // When
    Entry lock = scene.onlyLock();

    // Then
    assertThat(lock.recordedBy().orElseThrow())
        .startsWith("\\u{1b}[2J\\u{a}verdict: orphaned")
        .hasSize(200);
    assertThat(lock.evidence().toString()).doesNotContain("\u001b", "\n");
  }

  @Test
  void aLockTableThatAMigrationHoldsIsNotWaitedFor() {
    // Given
    run(LIQUIBASE, GRANTED);
    scene.session("migration", "BEGIN", "LOCK TABLE databasechangeloglock");

    // When
    LockReport report = scene.look();

    // Then
    assertThat(report.locks()).isEmpty();
    assertThat(report.unreadTables())
        .singleElement()
        .satisfies(table -> {
          assertThat(table.tool()).isEqualTo("liquibase");
          assertThat(table.reason()).contains("a migration is at work");
        });
  }

  @Test
  void noLockIsKeptOnALockTableBetweenTheLooks() {
    // Given
    run(LIQUIBASE, GRANTED);
    Future<LockReport> looking = scene.looking(Duration.ofSeconds(2));
    await()
        .untilAsserted(() ->
            assertThat(
                    TestDatabases.query(
                        scene.url(),
                        "SELECT state FROM pg_stat_activity WHERE application_name ="
                            + " 'pgmedic-locks' AND datname = current_database() AND query ~*"
                            + " 'rollback'"))
                .containsExactly("idle"));

    // When
    scene.session(
        "migration",
        "BEGIN",
        "SET LOCAL lock_timeout = '50ms'",
        "LOCK TABLE databasechangeloglock");

    // Then
    assertThat(looking.await().unreadTables()).hasSize(1);
  }

  @Test
  void aMissingRightIsNamedWithTheGrantThatHelps() {
    // Given
    run(LIQUIBASE, GRANTED);
    String stranger = TestDatabases.role(scene.url(), "pg_monitor");
    PostgresUrl as = TestDatabases.as(scene.url(), stranger);

    // When
    LockReport blind = scene.look(as, LIMITS);
    run("GRANT SELECT ON databasechangeloglock TO " + stranger);
    LockReport seeing = scene.look(as, LIMITS);

    // Then
    assertThat(blind.locks()).isEmpty();
    assertThat(blind.unreadTables())
        .singleElement()
        .satisfies(table ->
            assertThat(table.reason())
                .contains("GRANT SELECT ON \"public\".\"databasechangeloglock\""));
    assertThat(seeing.locks()).hasSize(1);
  }

  @Test
  void theCodeOfARowSecurityPolicyIsNotRun() {
    // Given
    String stranger = TestDatabases.role(scene.url(), "pg_monitor");
    run(
        LIQUIBASE,
        GRANTED,
        "CREATE TABLE ran (at timestamptz)",
        "GRANT INSERT ON ran TO PUBLIC",
        "CREATE FUNCTION trap() RETURNS boolean LANGUAGE plpgsql AS"
            + " 'BEGIN RAISE EXCEPTION ''trapped''; END'",
        "GRANT SELECT ON databasechangeloglock TO " + stranger,
        "CREATE POLICY p ON databasechangeloglock USING (trap())",
        "ALTER TABLE databasechangeloglock ENABLE ROW LEVEL SECURITY");

    // When
    LockReport report = scene.look(TestDatabases.as(scene.url(), stranger), LIMITS);

    // Then
    assertThat(report.unreadTables())
        .singleElement()
        .satisfies(table -> assertThat(table.reason()).contains("row security"));
  }

  @Test
  void knexNamesNobodySoOnlyAnEmptyDatabaseProvesIt() {
    // Given
    run(
        "CREATE TABLE knex_migrations_lock (\"index\" serial PRIMARY KEY, is_locked int)",
        "INSERT INTO knex_migrations_lock (is_locked) VALUES (1)");
    Entry alone = scene.onlyLock();
    scene.working("app", "SELECT pg_sleep(60)");

    // When
    Entry lock = scene.onlyLock();

    // Then
    assertThat(alone.tool()).isEqualTo("knex");
    assertThat(alone.verdict()).isEqualTo(Verdict.ORPHANED);
    assertThat(lock.verdict()).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void gooseHoldsALease() {
    // Given
    run(
        "CREATE TABLE goose_lock (lock_id bigint PRIMARY KEY, locked boolean NOT NULL DEFAULT"
            + " false, locked_at timestamptz, locked_by text, lease_expires_at timestamptz,"
            + " updated_at timestamptz)",
        "INSERT INTO goose_lock VALUES (1, true, now(), 'host-1-ab', now() + interval '30 s',"
            + " now())");
    Entry renewed = scene.onlyLock();

    // When
    run("UPDATE goose_lock SET lease_expires_at = now() - interval '1 s'");
    Entry ended = scene.onlyLock();

    // Then
    assertThat(renewed.verdict()).isEqualTo(Verdict.LIVE);
    assertThat(ended.verdict()).isEqualTo(Verdict.ORPHANED);
    assertThat(ended.evidence()).contains("the next run takes an ended lease over by itself");
  }

  @Test
  void golangMigratesRowIsKnownByItsNumber() {
    // Given
    CRC32 crc = new CRC32();
    crc.update(("/" + scene.url().database()).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    long id = crc.getValue() * 1_486_364_155L & 0xffff_ffffL;
    run(
        "CREATE TABLE schema_lock (lock_id bigint PRIMARY KEY)",
        "INSERT INTO schema_lock VALUES (7), (" + id + ")");

    // When
    Entry lock = scene.onlyLock();

    // Then
    assertThat(lock.tool()).isEqualTo("golang-migrate");
    assertThat(lock.key()).isEqualTo(Long.toString(id));
  }

  @Test
  void anOpenMigrationOfPgrollIsNobodysFault() {
    // Given
    run(
        "CREATE SCHEMA pgroll",
        "CREATE TABLE pgroll.migrations (schema name, name text, migration jsonb, created_at"
            + " timestamptz, updated_at timestamptz, parent text, done boolean NOT NULL,"
            + " resulting_schema jsonb, PRIMARY KEY (schema, name))",
        "INSERT INTO pgroll.migrations VALUES ('public', '02_add', '{}', now(), now(), NULL, false,"
            + " '{}')");

    // When
    Entry lock = scene.onlyLock();

    // Then
    assertThat(lock.key()).isEqualTo("public.02_add");
    assertThat(lock.verdict()).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void aRowThatChangesBetweenTheLooksIsAtWork() {
    // Given
    run(LIQUIBASE, GRANTED);
    scene.working(
        "liquibase",
        "DO $$ BEGIN LOOP UPDATE databasechangeloglock SET lockgranted = lockgranted; COMMIT;"
            + " PERFORM pg_sleep(0.02); END LOOP; END $$");

    // When
    Entry lock = scene.look(scene.url(), LockLimits.DEFAULT).locks().get(0);

    // Then
    assertThat(lock.verdict()).isEqualTo(Verdict.LIVE);
    assertThat(lock.evidence()).contains("it was not there, or another, in the look before");
  }
}
