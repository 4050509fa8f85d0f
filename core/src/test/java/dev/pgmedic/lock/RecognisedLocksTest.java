package dev.pgmedic.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.pgmedic.lock.LockReport.Entry;
import dev.pgmedic.lock.LockReport.Kind;
import dev.pgmedic.lock.signature.KnownKey.Level;
import dev.pgmedic.testing.TestDatabases;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The statements by which tools lock, run on a real server, tell whose lock it is. */
@Timeout(180)
class RecognisedLocksTest {

  private final LockScene scene = new LockScene();

  @AfterEach
  void close() {
    scene.close();
  }

  private long crcOfDatabase() {
    CRC32 crc = new CRC32();
    crc.update(scene.url().database().getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }

  static Stream<Arguments> sessionLocks() {
    return Stream.of(
        arguments("prisma", "SELECT pg_advisory_lock(72707369)"),
        arguments("goose", "SELECT pg_try_advisory_lock(4097083626)"),
        arguments("sqitch", "SELECT pg_try_advisory_lock(75474063)"),
        arguments("atlas", "SELECT pg_try_advisory_lock(2686470616)"),
        arguments("node-pg-migrate", "select pg_try_advisory_lock(7241865325823964)"),
        arguments("graphile-migrate", "select pg_try_advisory_lock(4727445306447283)"),
        arguments("flyway", "SELECT pg_try_advisory_lock(77433833903597)"));
  }

  @ParameterizedTest
  @MethodSource("sessionLocks")
  void aToolsOwnKeyIsKnown(String tool, String statement) {
    // Given
    Connection holder = scene.session(tool, statement);

    // When
    Entry lock = scene.look(scene.url(), LockLimits.DEFAULT).locks().get(0);

    // Then
    assertThat(lock.tool()).isEqualTo(tool);
    assertThat(lock.kind()).isEqualTo(Kind.ADVISORY);
    assertThat(lock.level()).contains(Level.SESSION);
    assertThat(lock.holder().orElseThrow().pid()).isEqualTo(TestDatabases.pid(holder));
    assertThat(lock.verdict()).isEqualTo(Verdict.LIVE);
  }

  @Test
  void aKeyMadeOfTheDatabasesNameIsKnown() {
    // Given
    scene.session("rails", "SELECT pg_try_advisory_lock(" + 2_053_462_845L * crcOfDatabase() + ")");
    scene.session("sqlx", "SELECT pg_advisory_lock(" + 0x3d32ad9eL * crcOfDatabase() + ")");

    // When
    List<Entry> locks = scene.look().locks();

    // Then
    assertThat(locks).extracting(Entry::tool).containsExactlyInAnyOrder("rails", "sqlx");
  }

  @Test
  void golangMigrateAndPrismaEightAreKnownByWhatTheServerSays() {
    // Given
    TestDatabases.run(
        scene.url(),
        "CREATE SCHEMA app",
        "CREATE TABLE app.versions (version bigint PRIMARY KEY, dirty boolean NOT NULL)");
    CRC32 crc = new CRC32();
    crc.update(("app\0versions\0/" + scene.url().database()).getBytes(StandardCharsets.UTF_8));
    scene.session(
        "migrate",
        "SELECT pg_advisory_lock(" + (crc.getValue() * 1_486_364_155L & 0xffff_ffffL) + ")");
    scene.session(
        "prisma8",
        "BEGIN",
        "SELECT pg_advisory_xact_lock(hashtext('prisma_next.contract.marker:public:app'))");

    // When
    List<Entry> locks = scene.look().locks();

    // Then
    assertThat(locks).extracting(Entry::tool).containsExactlyInAnyOrder("golang-migrate", "prisma");
  }
}
