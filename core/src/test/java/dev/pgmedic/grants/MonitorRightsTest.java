package dev.pgmedic.grants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.check.Observation;
import dev.pgmedic.history.tool.MigrationTools;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.postgres.SqlResource;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.Migrations;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a monitor is said to need is enough to read the history of every tool. */
@Timeout(180)
class MonitorRightsTest {

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();
  private final String monitor = TestDatabases.role(url);

  static Stream<String> tools() {
    return MigrationTools.names().stream();
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @ParameterizedTest
  @MethodSource("tools")
  void theStatementsOfItsNeedsLetARoleReadTheHistoryOf(String tool) {
    // Given
    TestDatabases.run(url, SqlResource.read(TestDatabases.class, "history/" + tool + ".sql"));
    Observation all = seen(url);
    Observation before = seen(TestDatabases.as(url, monitor));

    // When
    List<Need> needs = needs();
    needs.stream()
        .filter(need -> !need.held())
        .forEach(need -> TestDatabases.run(url, need.statements().toArray(String[]::new)));

    // Then
    Observation after = seen(TestDatabases.as(url, monitor));
    assertThat(before.history().unreadable()).isPresent();
    assertThat(after.history()).isEqualTo(all.history());
    assertThat(needs()).allMatch(Need::held);
  }

  private Observation seen(PostgresUrl as) {
    return new Checks(vertx).run(as).observation().orElseThrow();
  }

  private List<Need> needs() {
    Session session =
        Session.open(vertx, url, Session.Settings.errand("test", Deadlines.DEFAULT)).await();
    Rights rights =
        RightsReader.read(vertx, session.connection(), monitor, Migrations.DETECTED).await();
    session.close().await();
    return Needs.of(Duty.MONITOR, rights);
  }
}
