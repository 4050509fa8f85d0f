package dev.pgmedic.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.check.HealthReport;
import dev.pgmedic.event.Cursor;
import dev.pgmedic.event.EventFilter;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.Issue;
import dev.pgmedic.issue.IssueCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class IssuesTest {

  private static final Finding GONE =
      Incidents.finding(IssueCode.TABLE_MISSING, "public.users", "public.users is gone");
  private static final Finding LOST =
      Incidents.finding(IssueCode.DATA_LOST, "public.users", "public.users came back empty");

  private final Vertx vertx = Vertx.vertx();
  private final Incidents incidents = new Incidents(vertx);
  private final Issues issues = incidents.issues;

  @AfterEach
  void close() {
    incidents.store.close().await();
    vertx.close().await();
  }

  @Test
  void aFaultOpensOnceIsConfirmedAndResolves() {
    // Given
    HealthReport broken = issues.record(incidents.target, incidents.diagnosis(GONE)).await();
    HealthReport still = issues.record(incidents.target, incidents.diagnosis(GONE)).await();

    // When
    HealthReport healed = issues.record(incidents.target, incidents.diagnosis()).await();

    // Then
    assertThat(List.of(broken.healthy(), still.healthy(), healed.healthy()))
        .containsExactly(false, false, true);
    assertThat(broken.issueDetails().get(0).id()).isEqualTo(still.issueDetails().get(0).id());
    assertThat(events())
        .containsExactly("health.changed", "issue.opened", "health.changed", "issue.resolved");
    assertThat(incidents.query("SELECT count(*) FROM pgmedic.issue")).containsExactly("1");
  }

  @Test
  void manyChecksAtOnceOpenItOnce() {
    // Given
    Diagnosis diagnosis = incidents.diagnosis(GONE);

    // When
    Future.all(
            IntStream.range(0, 8)
                .mapToObj(i -> issues.record(incidents.target, diagnosis))
                .toList())
        .await();

    // Then
    assertThat(events()).containsOnlyOnce("issue.opened");
    assertThat(issues.open(Incidents.TARGET).await()).hasSize(1);
  }

  @Test
  void anotherMessageUpdatesTheSameIssue() {
    // Given
    issues.record(incidents.target, incidents.diagnosis(GONE)).await();

    // When
    issues
        .record(
            incidents.target,
            incidents.diagnosis(
                Incidents.finding(IssueCode.TABLE_MISSING, "public.users", "is still gone")))
        .await();

    // Then
    assertThat(events()).contains("issue.updated").containsOnlyOnce("issue.opened");
  }

  @Test
  void lostDataStaysUntilAPersonResolvesIt() {
    // Given
    issues.record(incidents.target, incidents.diagnosis(LOST)).await();
    issues.record(incidents.target, incidents.diagnosis()).await();
    Issue lost = issues.open(Incidents.TARGET).await().get(0);

    // When
    boolean resolved = issues.resolve(lost.id(), "restored from a backup").await();

    // Then
    assertThat(resolved).isTrue();
    assertThat(issues.resolve(lost.id(), "again").await()).isFalse();
    assertThat(issues.find(lost.id()).await().orElseThrow().resolution())
        .hasValueSatisfying(end -> assertThat(end.reason()).isEqualTo("restored from a backup"));
  }

  @Test
  void anUnreachableTargetResolvesNothingButSaysSo() {
    // Given
    issues.record(incidents.target, incidents.diagnosis(GONE)).await();
    Finding unreachable =
        Incidents.finding(IssueCode.CONNECTION_UNREACHABLE, Incidents.TARGET, "no answer");

    // When
    HealthReport report =
        issues.record(incidents.target, blind(Instant.now(), unreachable)).await();

    // Then
    assertThat(report.issues()).hasSize(2);
    assertThat(issues.record(incidents.target, incidents.diagnosis(GONE)).await().issues())
        .hasSize(1);
  }

  @Test
  void aCheckThatIsOlderThanTheLastOneChangesNothing() {
    // Given
    issues.record(incidents.target, incidents.diagnosis()).await();

    // When
    HealthReport report =
        issues
            .record(
                incidents.target,
                incidents.diagnosis(Instant.now().minus(Duration.ofMinutes(1)), GONE))
            .await();

    // Then
    assertThat(report.healthy()).isTrue();
    assertThat(issues.open(Incidents.TARGET).await()).isEmpty();
  }

  private static Diagnosis blind(Instant at, Finding finding) {
    return new Diagnosis(
        Incidents.TARGET,
        at,
        Duration.ZERO,
        Optional.empty(),
        Optional.empty(),
        List.of(finding),
        Set.of());
  }

  private List<String> events() {
    EventLog log = incidents.store.events();
    Cursor beginning = new Cursor(log.bounds().await().newest().epoch(), 0);
    return log.read(beginning, EventFilter.ALL, 100).await().events().stream()
        .map(event -> event.type().toString())
        .toList();
  }
}
