package dev.pgmedic.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.Sample;
import dev.pgmedic.testing.TcpProxy;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A migration does its next step in between any two statements of a check. */
@Timeout(180)
class InterleavedMigrationTest {

  private static final int SEEDS = Sample.WHOLE ? 20 : 5;
  private static final int CHECKS = 4;

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();
  private final DatabaseCheck check =
      new DatabaseCheck(vertx, Clock.systemUTC(), Checks.LOCK_PAUSE);

  @BeforeEach
  void migrated() {
    TestDatabases.run(
        url,
        "CREATE TABLE room (id int)",
        "CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY,"
            + " dirty boolean NOT NULL)",
        "INSERT INTO schema_migrations VALUES (1, false)");
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  /** What golang-migrate sends for one version after the other. */
  private final class Migration implements AutoCloseable {

    private final Connection session = TestDatabases.connect(url);
    private final Random random;
    private int step;

    Migration(long seed) {
      this.random = new Random(seed);
    }

    /** Goes on by a few steps, or by none. */
    synchronized void goOn() {
      for (int steps = random.nextInt(4); steps > 0; steps--) {
        run(statements(2 + step / 5).get(step % 5));
        step++;
      }
    }

    private List<String> statements(int version) {
      return List.of(
          "SELECT pg_advisory_lock(" + key() + ")",
          "UPDATE schema_migrations SET version = " + version + ", dirty = true",
          "CREATE OR REPLACE VIEW rooms AS SELECT id, " + version + " AS version FROM room",
          "UPDATE schema_migrations SET dirty = false",
          "SELECT pg_advisory_unlock(" + key() + ")");
    }

    private long key() {
      CRC32 sum = new CRC32();
      sum.update(("public\0schema_migrations\0" + url.database()).getBytes(StandardCharsets.UTF_8));
      return sum.getValue() * 1_486_364_155L & 0xffff_ffffL;
    }

    private void run(String sql) {
      try (Statement statement = session.createStatement()) {
        statement.execute(sql);
      } catch (SQLException e) {
        throw new IllegalStateException(sql, e);
      }
    }

    @Override
    public void close() throws SQLException {
      session.close();
    }
  }

  @Test
  void aMigrationThatBeginsOrEndsWhileACheckLooksIsNoFailedOne() throws Exception {
    List<String> alarms = new ArrayList<>();
    for (int seed = 1; seed <= SEEDS; seed++) {
      // Given
      try (Migration migration = new Migration(seed);
          TcpProxy proxy = TcpProxy.before(url).tells(sent -> migration.goOn())) {
        Target target = Target.of("seed-" + seed, proxy.url());

        // When
        Optional<LastLook> memory = Optional.empty();
        for (int i = 0; i < CHECKS; i++) {
          Look look = check.run(target, KnownGoodLookup.NONE, memory).await();
          memory = look.memory();
          look.diagnosis().findings().stream()
              .map(found -> target.name() + ": " + Checks.text(found))
              .forEach(alarms::add);
        }
      }
    }

    // Then
    assertThat(alarms).isEmpty();
  }

  @Test
  void aRunThatBrokeOffIsToldAtOnce() {
    // Given
    TestDatabases.run(url, "UPDATE schema_migrations SET version = 2, dirty = true");

    // When
    Diagnosis diagnosis = check.run(Target.of("shop", url), KnownGoodLookup.NONE).await();

    // Then
    assertThat(diagnosis.findings())
        .extracting(Checks::text)
        .containsExactly("migration.failed public.schema_migrations 2");
  }

  @Test
  void aVersionThatComesBehindTheSchemaIsNotHeldAgainstTheOldSchema() throws IOException {
    // Given: known-good of two versions, and a target at the first of them
    Checks checks = new Checks(vertx);
    KnownGood first = checks.knownGood(url);
    TestDatabases.run(
        url, "CREATE TABLE hall (id int)", "UPDATE schema_migrations SET version = 2");
    KnownGood second = checks.knownGood(url);
    TestDatabases.run(url, "DROP TABLE hall", "UPDATE schema_migrations SET version = 1");
    Map<String, KnownGood> known = Map.of("1", first, "2", second);
    AtomicBoolean done = new AtomicBoolean();

    // When: the second comes back right before the history is read
    Diagnosis diagnosis;
    try (TcpProxy proxy =
        TcpProxy.before(url)
            .tells(sent -> {
              if (sent.contains("LOCK TABLE") && done.compareAndSet(false, true)) {
                TestDatabases.run(
                    url, "CREATE TABLE hall (id int); UPDATE schema_migrations SET version = 2");
              }
            })) {
      diagnosis =
          check
              .run(
                  Target.of("shop", proxy.url()),
                  version ->
                      Future.succeededFuture(
                          version.flatMap(name -> Optional.ofNullable(known.get(name)))))
              .await();
    }

    // Then
    assertThat(done).isTrue();
    assertThat(diagnosis.findings()).isEmpty();
    assertThat(diagnosis.observation().orElseThrow().history().version()).contains("2");
  }
}
