package dev.pgmedic.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Tasks;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.Policy;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Recovery;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.Lane;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ends a session is proposed beside what changes the schema, and comes and goes alone. */
@Timeout(120)
class LanesTest {

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl kept = TestDatabases.fresh();
  private final PostgresUrl url = TestDatabases.fresh();
  private final Store store = Store.open(vertx, kept).await();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private Target target() {
    Target plain = Target.of("shop", url);
    Deadlines usual = Deadlines.DEFAULT;
    Set<IssueCode> proposed = Set.of(IssueCode.ENUM_MISSING, IssueCode.SESSION_IDLE_IN_TRANSACTION);
    return new Target(
        plain.name(),
        url,
        Map.of(),
        plain.migrations(),
        plain.expect(),
        Optional.of(
            new Recovery(url, List.of(), new Policy(proposed, Set.of(), 1, true, List.of()))),
        Duration.ofMillis(200),
        new Deadlines(
            usual.connect(),
            usual.check(),
            usual.lockWait(),
            usual.statement(),
            usual.command(),
            usual.recovery(),
            Duration.ofSeconds(1)));
  }

  private Future<Void> until(String sql) {
    return TestDatabases.query(kept, sql).contains("t")
        ? Future.succeededFuture()
        : vertx.timer(50).compose(waited -> until(sql));
  }

  private static String open(int tasks) {
    return "SELECT count(*) = " + tasks + " FROM pgmedic.recovery_task WHERE finished_at IS NULL";
  }

  private List<RecoveryTask> open() {
    return new Tasks(store).open("shop").await();
  }

  @Test
  void aForgottenSessionIsAMatterOfItsOwn() throws SQLException {
    // Given
    TestDatabases.run(url, "CREATE TYPE mood AS ENUM ('good')", "CREATE TABLE person (id int)");
    String id =
        vertx
            .deployVerticle(
                new MonitorVerticle(store, List.of(target()), Checks.LOCK_PAUSE, Optional.empty()))
            .await();
    assertThat(id).isNotEmpty();
    until("SELECT count(*) > 0 FROM pgmedic.baseline").await();
    TestDatabases.run(url, "DROP TYPE mood");
    until(open(1)).await();
    RecoveryTask schema = open().get(0);

    // When
    List<RecoveryTask> both;
    try (Connection forgotten = TestDatabases.connect(url);
        Statement statement = forgotten.createStatement()) {
      forgotten.setAutoCommit(false);
      statement.execute("LOCK TABLE person IN ACCESS SHARE MODE");
      until(open(2)).await();
      both = open();
      forgotten.rollback();
    }
    until(open(1)).await();

    // Then
    assertThat(both)
        .extracting(task -> Lane.of(task.plan()))
        .containsExactlyInAnyOrder(Lane.SCHEMA, Lane.SESSIONS);
    assertThat(both).extracting(RecoveryTask::id).contains(schema.id());
    assertThat(open()).extracting(RecoveryTask::id).containsExactly(schema.id());
    assertThat(open())
        .extracting(task -> task.state().label())
        .containsExactly("awaiting_approval");
  }
}
