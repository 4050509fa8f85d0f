package dev.pgmedic.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.pgmedic.lock.signature.DatabaseFacts.FoundTable;
import dev.pgmedic.lock.signature.ToolTable;
import dev.pgmedic.testing.SeenBackends;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a session's address and age say about a lock row that names a host. */
class RowJudgeTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Instant WRITTEN = NOW.minus(Duration.ofHours(1));
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MOMENT = Duration.ofSeconds(1);
  private static final String THERE = "10.1.2.3";
  private static final String ELSEWHERE = "10.9.9.9";

  private static LockRow row(Waiter... waiting) {
    return new LockRow(
        new FoundTable(ToolTable.LIQUIBASE_LOCK, 1, "public", "databasechangeloglock"),
        "1",
        Optional.of("pod-7 (" + THERE + ")"),
        Optional.empty(),
        Optional.of(WRITTEN),
        WRITTEN,
        Optional.of(WRITTEN),
        Optional.empty(),
        "700 (0,1)",
        List.of(waiting));
  }

  private static LockLook look(Instant at, List<Backend> sessions) {
    return new LockLook(at, 1, sessions, List.of(), 0);
  }

  private static Verdict judge(LockRow row, Backend... sessions) {
    Looks looks =
        new Looks(
            look(NOW.minus(MOMENT), List.of(sessions)),
            look(NOW, List.of(sessions)),
            List.of(row),
            List.of(row),
            Set.of());
    return new RowJudge(looks, LockLimits.DEFAULT).judge(row).verdict();
  }

  private static Backend session(Instant start, Duration quiet, String state, String client) {
    return SeenBackends.of(7, start, quiet, state, Optional.ofNullable(client));
  }

  static Stream<Arguments> sessions() {
    Instant before = WRITTEN.minus(HOUR);
    Instant after = WRITTEN.plus(MOMENT);
    return Stream.of(
        arguments(session(before, MOMENT, "active", THERE), Verdict.LIVE, "works there"),
        arguments(session(before, MOMENT, "idle", THERE), Verdict.LIVE, "paused there"),
        arguments(session(before, HOUR, "active", THERE), Verdict.LIVE, "long statement there"),
        arguments(session(before, HOUR, "idle", THERE), Verdict.SUSPECTED, "long idle there"),
        arguments(session(before, MOMENT, "active", ELSEWHERE), Verdict.SUSPECTED, "elsewhere"),
        arguments(session(before, MOMENT, "active", null), Verdict.LIVE, "behind a socket"),
        arguments(session(before, MOMENT, "active", "127.0.0.1"), Verdict.LIVE, "on the server"),
        arguments(session(after, MOMENT, "active", THERE), Verdict.ORPHANED, "began later"));
  }

  @ParameterizedTest(name = "{2}")
  @MethodSource("sessions")
  void aSessionSpeaksForTheRunThatItMayBe(Backend session, Verdict verdict, String name) {
    // Given
    Backend poller = SeenBackends.idle(8, WRITTEN.plus(MOMENT), MOMENT);
    Waiter waiter = new Waiter(poller, Waiter.How.POLLS, Optional.empty());

    // When
    Verdict judged = judge(row(waiter), session, poller);

    // Then
    assertThat(judged).as(name).isEqualTo(verdict);
  }

  @Test
  void nobodyIsSuspectedWhileNobodyWaits() {
    // Given
    Backend elsewhere = session(WRITTEN.minus(HOUR), HOUR, "idle", ELSEWHERE);

    // When
    Verdict verdict = judge(row(), elsewhere);

    // Then
    assertThat(verdict).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void aSessionThatMayNotBeSeenCouldBeTheRun() {
    // Given
    Backend hidden = SeenBackends.of(7, WRITTEN, HOUR, "disabled", Optional.empty());

    // When
    Verdict verdict = judge(row(), hidden);

    // Then
    assertThat(verdict).isEqualTo(Verdict.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({
    "vm (10.1.2.3), 10.1.2.3, true",
    "vm (10.1.2.3), 10.1.2.30, false",
    "vm (10.1.2.3), fd00::2, true",
    "vm (fd00:0:0:0:0:0:0:2%eth0), fd00::2, true",
    "vm (fd00:0:0:0:0:0:0:2%eth0), fd00::3, false",
    "vm (fd00:0:0:0:0:0:0:2%eth0), 10.1.2.3, true",
    "vm (127.0.1.1), 10.1.2.3, true",
    "vm (10.1.2.3), 127.0.0.1, true",
    "vm (10.1.2.3), , true",
    "vm (bad.example.org), 10.1.2.3, true",
    "vm, 10.1.2.3, true",
    "(((((:::::), 10.1.2.3, true"
  })
  void aHostIsElsewhereOnlyWhenItsAddressSaysSo(String recorded, String client, boolean mayBe) {
    // Given
    Backend session = session(WRITTEN, MOMENT, "active", client);

    // When
    boolean answer = RecordedHost.mayBe(recorded, session);

    // Then
    assertThat(answer).isEqualTo(mayBe);
  }
}
