package dev.pgmedic.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.Expectation;
import dev.pgmedic.target.Migrations;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TcpProxy;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A target that does not answer is a finding with the stage that failed, in time. */
@Timeout(180)
class UnreachableTargetTest {

  private static final Duration CONNECT = Duration.ofMillis(1_500);
  private static final Duration CHECK = Duration.ofMillis(1_500);

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void aHostThatNobodyKnowsFailsAtDns() {
    // Given
    PostgresUrl url = at("no-such-host.invalid", 5432);

    // When
    Diagnosis diagnosis = check(url);

    // Then
    assertUnreachable(diagnosis, "dns");
  }

  @Test
  void aPortThatIsClosedFailsAtTcp() throws IOException {
    // Given
    int port = closedPort();

    // When
    Diagnosis diagnosis = check(at("localhost", port));

    // Then
    assertUnreachable(diagnosis, "tcp");
  }

  @Test
  void aServerThatNeverAnswersTheLoginFailsAtLogin() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      // Given
      PostgresUrl url = at("localhost", silent.getLocalPort());

      // When
      Diagnosis diagnosis = check(url);

      // Then
      assertUnreachable(diagnosis, "login");
    }
  }

  @Test
  void aDatabaseThatIsNotThereFailsAtLoginWithTheServersReason() {
    // Given
    PostgresUrl url = TestDatabases.fresh().withDatabase("nowhere");

    // When
    Diagnosis diagnosis = check(url);

    // Then
    assertUnreachable(diagnosis, "login");
    assertThat(diagnosis.findings().get(0).evidence().get("reason"))
        .asString()
        .contains("\"nowhere\" does not exist", "3D000");
  }

  @Test
  void aRoleThatIsNotThereFailsAtLogin() {
    // Given
    PostgresUrl url = TestDatabases.as(TestDatabases.fresh(), "nobody_here");

    // When
    Diagnosis diagnosis = check(url);

    // Then
    assertUnreachable(diagnosis, "login");
  }

  @Test
  void aConnectionThatIsCutInMidCheckFailsAtQuery() throws IOException {
    try (TcpProxy proxy = TcpProxy.before(TestDatabases.fresh()).cutsAt("relforcerowsecurity")) {
      // When
      Diagnosis diagnosis = check(proxy.url());

      // Then
      assertUnreachable(diagnosis, "query");
    }
  }

  @Test
  void aConnectionThatStallsInMidCheckIsSlow() throws IOException {
    try (TcpProxy proxy = TcpProxy.before(TestDatabases.fresh()).stallsAt("relforcerowsecurity")) {
      // When
      Diagnosis diagnosis = check(proxy.url());

      // Then
      assertThat(diagnosis.findings())
          .singleElement()
          .returns(IssueCode.CONNECTION_SLOW, Finding::code)
          .returns("query", finding -> finding.evidence().get("stage"));
      assertInTime(diagnosis);
    }
  }

  @Test
  void aConnectionThatIsCutInTheLoginFailsAtLogin() throws IOException {
    try (TcpProxy proxy = TcpProxy.before(TestDatabases.fresh()).cutsAt("application_name")) {
      // When
      Diagnosis diagnosis = check(proxy.url());

      // Then
      assertUnreachable(diagnosis, "login");
    }
  }

  @Test
  void aServerThatKeepsUsWaitingStruggles() throws IOException {
    // Given
    PostgresUrl fresh = TestDatabases.fresh();
    try (TcpProxy proxy = TcpProxy.before(fresh).stallsAt("relforcerowsecurity")) {
      // When
      Look stalled = look(proxy.url());

      // Then
      assertThat(stalled.struggles()).isTrue();
      assertThat(look(fresh).struggles()).isFalse();
    }
  }

  @Test
  void aServerWithoutAConnectionToSpareStruggles() {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    String role = TestDatabases.role(url);
    TestDatabases.run(url, "ALTER ROLE " + role + " CONNECTION LIMIT 0");

    // When
    Look refused = look(TestDatabases.as(url, role));

    // Then
    assertUnreachable(refused.diagnosis(), "login");
    assertThat(refused.struggles()).isTrue();
  }

  @Test
  void aServerThatIsNotThereDoesNotStruggle() {
    // When
    Look nobody = look(at("localhost", 1));

    // Then
    assertUnreachable(nobody.diagnosis(), "tcp");
    assertThat(nobody.struggles()).isFalse();
  }

  private Diagnosis check(PostgresUrl url) {
    return look(url).diagnosis();
  }

  private Look look(PostgresUrl url) {
    Duration other = Duration.ofSeconds(5);
    Target target =
        new Target(
            "test",
            url,
            Map.of(),
            Migrations.DETECTED,
            Expectation.NONE,
            Optional.empty(),
            Target.DEFAULT_CHECK_EVERY,
            new Deadlines(CONNECT, CHECK, other, other, other, other, other));
    return new DatabaseCheck(vertx, Clock.systemUTC(), Checks.LOCK_PAUSE)
        .run(target, KnownGoodLookup.NONE, Optional.empty())
        .await();
  }

  private static void assertUnreachable(Diagnosis diagnosis, String stage) {
    assertThat(diagnosis.observation()).isEmpty();
    assertThat(diagnosis.findings())
        .singleElement()
        .returns(IssueCode.CONNECTION_UNREACHABLE, Finding::code)
        .returns("test", Finding::subject)
        .returns(stage, finding -> finding.evidence().get("stage"));
    assertInTime(diagnosis);
  }

  private static void assertInTime(Diagnosis diagnosis) {
    assertThat(diagnosis.duration()).isLessThan(CONNECT.plus(CHECK));
  }

  private static PostgresUrl at(String host, int port) {
    return new PostgresUrl(host, port, "postgres", "postgres", Optional.empty(), Map.of());
  }

  private static int closedPort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }
}
