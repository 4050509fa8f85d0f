package dev.pgmedic.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TcpProxy;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A database that is down, hangs or drops the line is a finding with its stage, within the
 * deadline.
 */
@Timeout(60)
class UnreachableTargetTest {

  private static final Duration CONNECT = Duration.ofMillis(800);
  private static final Duration CHECK = Duration.ofMillis(1500);
  private static final long AFTER_LOGIN = 600;

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().otherwiseEmpty().timeout(5, java.util.concurrent.TimeUnit.SECONDS);
  }

  private Diagnosis check(PostgresUrl url) {
    Deadlines usual = Deadlines.DEFAULT;
    Target plain = Target.of("t", url);
    Target hasty =
        new Target(
            plain.name(),
            plain.url(),
            plain.labels(),
            plain.migrations(),
            plain.expect(),
            plain.recovery(),
            plain.checkEvery(),
            new Deadlines(
                CONNECT,
                CHECK,
                usual.lockWait(),
                usual.statement(),
                usual.command(),
                usual.recovery()));
    return new DatabaseCheck(vertx, Clock.systemUTC(), Duration.ofSeconds(15))
        .run(hasty, KnownGoodLookup.NONE)
        .await();
  }

  private static void assertFound(Diagnosis diagnosis, IssueCode code, String stage) {
    assertThat(diagnosis.findings()).hasSize(1);
    Finding finding = diagnosis.findings().get(0);
    assertThat(finding.code()).isEqualTo(code);
    assertThat(finding.evidence()).containsEntry("stage", stage);
    assertThat(finding.evidence().get("reason").toString()).isNotBlank();
    assertThat(diagnosis.duration()).isLessThan(CONNECT.plus(CHECK).plusSeconds(6));
  }

  private static PostgresUrl elsewhere(String host, int port) {
    PostgresUrl real = TestDatabases.fresh();
    return new PostgresUrl(
        host, port, real.database(), real.user(), real.password(), real.parameters());
  }

  @Test
  void anUnknownHostFailsAtDns() {
    // When
    Diagnosis diagnosis = check(elsewhere("no-such-host.invalid", 5432));

    // Then
    assertFound(diagnosis, IssueCode.CONNECTION_UNREACHABLE, "dns");
  }

  @Test
  void aClosedPortFailsAtTcp() throws IOException {
    // Given
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }

    // When
    Diagnosis diagnosis = check(elsewhere("127.0.0.1", port));

    // Then
    assertFound(diagnosis, IssueCode.CONNECTION_UNREACHABLE, "tcp");
  }

  @Test
  void aServerThatNeverAnswersFailsAtLogin() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      // When
      Diagnosis diagnosis = check(elsewhere("127.0.0.1", silent.getLocalPort()));

      // Then
      assertFound(diagnosis, IssueCode.CONNECTION_UNREACHABLE, "login");
    }
  }

  @Test
  void anUnknownDatabaseFailsAtLogin() {
    // When
    Diagnosis diagnosis = check(TestDatabases.fresh().withDatabase("no_such_database"));

    // Then
    assertFound(diagnosis, IssueCode.CONNECTION_UNREACHABLE, "login");
    assertThat(diagnosis.findings().get(0).evidence().get("reason").toString()).contains("3D000");
  }

  @Test
  void aLineThatIsCutInTheMiddleFailsAtQuery() {
    try (TcpProxy proxy = new TcpProxy(TestDatabases.fresh(), TcpProxy.Fault.CUT, AFTER_LOGIN)) {
      // When
      Diagnosis diagnosis = check(proxy.url());

      // Then
      assertFound(diagnosis, IssueCode.CONNECTION_UNREACHABLE, "query");
    }
  }

  @Test
  void aLineThatStallsInTheMiddleIsSlowAndNotAnOutage() {
    try (TcpProxy proxy = new TcpProxy(TestDatabases.fresh(), TcpProxy.Fault.STALL, AFTER_LOGIN)) {
      // When
      Diagnosis diagnosis = check(proxy.url());

      // Then
      assertFound(diagnosis, IssueCode.CONNECTION_SLOW, "query");
    }
  }
}
