package dev.pgmedic.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.catalog.CatalogObject.Kind;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A schema of many tables is read within the deadline, and then it is only glanced at. */
@Timeout(600)
class LargeTargetTest {

  private static final Logger LOG = LoggerFactory.getLogger(LargeTargetTest.class);
  private static final int TABLES = Boolean.getBoolean("pgmedic.exhaustive") ? 10_000 : 1_000;
  private static final int A_TRANSACTION = 500;

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private void create() throws SQLException {
    try (Connection connection = TestDatabases.connect(url);
        Statement statement = connection.createStatement()) {
      for (int from = 0; from < TABLES; from += A_TRANSACTION) {
        statement.execute(
            "DO $$ BEGIN FOR i IN %d..%d LOOP EXECUTE format("
                    .formatted(from + 1, from + A_TRANSACTION)
                + "'CREATE TABLE t_%s (id int PRIMARY KEY, note text DEFAULT ''x'')', i);"
                + " END LOOP; END $$");
      }
      statement.execute("SELECT pg_stat_force_next_flush()");
    }
  }

  @Test
  void isReadOnceWithinTheDeadlineAndGlancedAtFromThenOn() throws SQLException {
    // Given
    create();
    DatabaseCheck check = new DatabaseCheck(vertx, Clock.systemUTC(), Checks.LOCK_PAUSE);
    Target target = Target.of("large", url);

    // When
    Look first = check.run(target, KnownGoodLookup.NONE, Optional.empty()).await();
    Look second = check.run(target, KnownGoodLookup.NONE, first.memory()).await();

    // Then
    LOG.info(
        "{} tables: read in {}, glanced at in {}",
        TABLES,
        first.diagnosis().duration(),
        second.diagnosis().duration());
    assertThat(first.diagnosis().findings()).isEmpty();
    assertThat(first.diagnosis().observation().orElseThrow().catalog().all(Kind.TABLE))
        .hasSize(TABLES);
    assertThat(first.diagnosis().duration()).isLessThan(target.deadlines().check());
    assertThat(second.diagnosis().isQuiet()).isTrue();
    assertThat(second.diagnosis().duration())
        .isLessThan(Duration.ofSeconds(5))
        .isLessThan(first.diagnosis().duration());
  }
}
