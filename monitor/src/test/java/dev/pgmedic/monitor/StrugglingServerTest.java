package dev.pgmedic.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.check.HealthReport;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.store.Reports;
import dev.pgmedic.store.Store;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TcpProxy;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that has more to do than it can is left alone, and checked again when it is well. */
@Timeout(240)
class StrugglingServerTest {

  private static final Duration EVERY = Duration.ofMillis(200);
  private static final Duration CHECK = Duration.ofMillis(500);

  // Of the pace: 16 intervals at most, and up to a fiftieth of them less.
  private static final Duration SLOWEST = EVERY.multipliedBy(16).multipliedBy(49).dividedBy(50);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(10);

  // Of a server that never answers, the socket ends after the check's deadline and 10 s.
  private static final long SESSIONS = 5;

  private final Vertx vertx = Vertx.vertx();
  private final Store store = Store.open(vertx, TestDatabases.fresh()).await();
  private final PostgresUrl server = TestDatabases.fresh();
  private final String role = TestDatabases.role(server, "pg_monitor");
  private final TcpProxy proxy = TcpProxy.before(TestDatabases.as(server, role));
  private final Target target = target(proxy.url());
  private final List<Seen> checks = new ArrayList<>();
  private long most;

  private record Seen(Instant began, Instant ended) {

    static Seen of(HealthReport report, Instant began) {
      return new Seen(began, began.plusMillis(report.durationMs()));
    }
  }

  enum Trouble {
    /** It answers, and too late. */
    LATE(IssueCode.CONNECTION_SLOW),
    /** It has no connection to spare. */
    FULL(IssueCode.CONNECTION_UNREACHABLE);

    private final IssueCode told;

    Trouble(IssueCode told) {
      this.told = told;
    }
  }

  private static Target target(PostgresUrl url) {
    Target all = Target.of("shop", url);
    Deadlines usual = Deadlines.DEFAULT;
    return new Target(
        all.name(),
        url,
        Map.of(),
        all.migrations(),
        all.expect(),
        all.recovery(),
        EVERY,
        new Deadlines(
            Duration.ofSeconds(20),
            CHECK,
            usual.lockWait(),
            usual.statement(),
            usual.command(),
            usual.recovery(),
            usual.idle()));
  }

  @BeforeEach
  void monitor() {
    var unused =
        vertx
            .deployVerticle(
                new MonitorVerticle(store, List.of(target), Checks.LOCK_PAUSE, Optional.empty()))
            .await();
  }

  @AfterEach
  void close() throws IOException {
    vertx.close().await();
    proxy.close();
  }

  private void begins(Trouble trouble) {
    switch (trouble) {
      case LATE -> proxy.withholdsAnswersTo("pg_control_system");
      case FULL -> TestDatabases.run(server, "ALTER ROLE " + role + " CONNECTION LIMIT 0");
    }
  }

  private void ends(Trouble trouble) {
    switch (trouble) {
      case LATE -> proxy.answersAgain();
      case FULL -> TestDatabases.run(server, "ALTER ROLE " + role + " CONNECTION LIMIT -1");
    }
  }

  private HealthReport report() {
    HealthReport report = new Reports(store).read(target.name()).await();
    report
        .checkedAt()
        .filter(began -> checks.isEmpty() || began.isAfter(checks.getLast().began()))
        .ifPresent(began -> checks.add(Seen.of(report, began)));
    most = Math.max(most, sessions());
    return report;
  }

  private long sessions() {
    return Long.parseLong(
        TestDatabases.query(
                server, "SELECT count(*) FROM pg_stat_activity WHERE usename = '" + role + "'")
            .get(0));
  }

  private void until(Predicate<HealthReport> seen) {
    await().atMost(LIMIT).pollInterval(LOOK).until(() -> seen.test(report()));
  }

  /** How long the server was left alone after each check but the last. */
  private List<Duration> pauses() {
    return IntStream.range(1, checks.size())
        .mapToObj(
            number -> Duration.between(checks.get(number - 1).ended(), checks.get(number).began()))
        .toList();
  }

  private boolean lastPauses(int count, Predicate<Duration> are) {
    List<Duration> pauses = pauses();
    return pauses.size() >= count
        && pauses.subList(pauses.size() - count, pauses.size()).stream().allMatch(are);
  }

  // Without a bound the second of them would be twice the first.
  private boolean isAtItsSlowest() {
    return lastPauses(
        2, pause -> pause.compareTo(SLOWEST) >= 0 && pause.compareTo(SLOWEST.multipliedBy(2)) < 0);
  }

  private boolean isAtItsOwnPace() {
    return lastPauses(3, pause -> pause.compareTo(SLOWEST.dividedBy(2)) < 0);
  }

  private static boolean tells(HealthReport report, IssueCode code) {
    return report.issueDetails().stream().map(HealthReport.Detail::code).anyMatch(code::equals);
  }

  @ParameterizedTest
  @EnumSource
  void isCheckedLessAndLessOftenDownToABoundAndAtItsOwnPaceOnceItAnswers(Trouble trouble) {
    // Given
    until(report -> report.healthy() && isAtItsOwnPace());

    // When
    begins(trouble);
    until(report -> tells(report, trouble.told));
    checks.clear();
    until(report -> isAtItsSlowest());
    List<Duration> during = pauses();
    until(HealthReport::stale);
    ends(trouble);
    checks.clear();
    until(report -> report.healthy() && isAtItsOwnPace());

    // Then
    assertThat(during.getFirst()).isLessThan(during.getLast());
    assertThat(tells(report(), trouble.told)).isFalse();
    assertThat(most).as("sessions at once").isLessThanOrEqualTo(SESSIONS);
  }
}
