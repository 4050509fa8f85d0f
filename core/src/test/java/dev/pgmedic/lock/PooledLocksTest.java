package dev.pgmedic.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pgmedic.lock.LockReport.Entry;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.PgBouncer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A session-level lock that a client of a real PgBouncer left behind on a server connection. */
@Timeout(180)
class PooledLocksTest {

  private static final String NODE_PG_MIGRATE = "select pg_try_advisory_lock(7241865325823964)";

  private LockScene scene;
  private PgBouncer pooler;

  @BeforeEach
  void start() throws IOException {
    assumeThat(PgBouncer.program())
        .as("PgBouncer is not installed here (Debian's package is called pgbouncer)")
        .isPresent();
    scene = new LockScene();
    pooler = PgBouncer.inFrontOf(scene.url(), PgBouncer.Settings.TRANSACTION);
  }

  @AfterEach
  void stop() throws IOException {
    if (pooler != null) {
      pooler.close();
      scene.close();
    }
  }

  private void leaveBehind(String statement) throws SQLException {
    try (Connection client = pooler.client()) {
      LockScene.run(client, "SET application_name = 'deploy'", statement);
    }
  }

  @Test
  void itIsOrphanedOnceThePoolerGivesItToAStranger() throws SQLException {
    // Given
    leaveBehind(NODE_PG_MIGRATE);
    Entry unasked = scene.onlyLock();

    // When
    List<Entry> locks = scene.lookThrough(pooler.url()).locks();

    // Then
    assertThat(unasked.tool()).isEqualTo("node-pg-migrate");
    assertThat(unasked.verdict()).isEqualTo(Verdict.LIVE);
    assertThat(locks).singleElement().returns(Verdict.ORPHANED, Entry::verdict);
    assertThat(locks.get(0).evidence())
        .anyMatch(line -> line.startsWith("the pooler gave us session"));
    assertThat(scene.onlyLock().holder().orElseThrow().pid())
        .as("a look ends nobody's session")
        .isEqualTo(unasked.holder().orElseThrow().pid());
  }

  @Test
  void itIsFoundAmongManyConnectionsOfThePool() throws SQLException {
    // Given: several server connections, of which the first one has the lock
    List<Connection> clients = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Connection client = pooler.client();
      client.setAutoCommit(false);
      LockScene.run(client, i == 0 ? NODE_PG_MIGRATE : "SELECT 1");
      clients.add(client);
    }
    for (Connection client : clients) {
      client.commit();
      client.close();
    }

    // When
    List<Entry> locks = scene.lookThrough(pooler.url()).locks();

    // Then
    assertThat(locks).singleElement().returns(Verdict.ORPHANED, Entry::verdict);
  }

  @Test
  void aDirectSessionThatIdlesWithTheSameKeyIsNoneOfThePoolers() {
    // Given
    scene.session("deploy", NODE_PG_MIGRATE);

    // When
    List<Entry> locks = scene.lookThrough(pooler.url()).locks();

    // Then
    assertThat(locks).singleElement().returns(Verdict.LIVE, Entry::verdict);
  }

  @Test
  void aPooledClientInTheMiddleOfItsTransactionIsLive() throws SQLException {
    // Given
    try (Connection client = pooler.client()) {
      client.setAutoCommit(false);
      LockScene.run(client, NODE_PG_MIGRATE);

      // When
      List<Entry> locks = scene.lookThrough(pooler.url()).locks();

      // Then
      assertThat(locks).singleElement().returns(Verdict.LIVE, Entry::verdict);
      client.rollback();
    }
  }

  @Test
  void anApplicationsKeyIsLeftAloneThereToo() throws SQLException {
    // Given
    leaveBehind("SELECT pg_advisory_lock(42)");

    // When
    List<Entry> locks = scene.lookThrough(pooler.url()).locks();

    // Then
    assertThat(locks).singleElement().returns(Verdict.UNKNOWN, Entry::verdict);
  }

  @Test
  void aPoolerThatDoesNotAnswerIsSaidAndNothingElseIsLost() throws SQLException, IOException {
    // Given
    leaveBehind(NODE_PG_MIGRATE);
    PostgresUrl wrong = pooler.url().withDatabase("no_such_database");

    // When
    LockReport report = scene.lookThrough(wrong);

    // Then
    assertThat(report.locks()).singleElement().returns(Verdict.LIVE, Entry::verdict);
    assertThat(report.hints()).anyMatch(hint -> hint.contains("was not to be asked"));
  }

  @Test
  void aPoolerInPlaceOfTheServerIsRefusedByName() {
    // When
    Throwable error = catchThrowable(() -> scene.look(pooler.url(), LockLimits.DEFAULT).locks());

    // Then
    assertThat(error).isInstanceOf(WrongServer.class).hasMessageContaining("DIRECT_URL");
  }
}
