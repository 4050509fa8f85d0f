package dev.pgmedic.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.issue.IssueCode;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When quiet hours hold, and until when. */
@Timeout(10)
class PolicyTest {

  private static final Set<IssueCode> TABLE = Set.of(IssueCode.TABLE_MISSING);
  private static final Set<DayOfWeek> ALL = EnumSet.allOf(DayOfWeek.class);

  private static QuietHours window(String from, String to, Set<DayOfWeek> days) {
    return new QuietHours(
        LocalTime.parse(from),
        LocalTime.parse(to),
        ZoneId.of("Europe/Berlin"),
        days,
        Set.of(IssueCode.LOCK_ORPHANED));
  }

  private static Policy policy(QuietHours... windows) {
    Policy usual = Policy.DEFAULT;
    return new Policy(
        usual.proposed(),
        usual.automatic(),
        usual.approvers(),
        usual.requesterApproves(),
        List.of(windows));
  }

  // In 2026 Berlin's clocks go back on October 25 and forward on March 29.
  @ParameterizedTest
  @CsvSource({
    "2026-11-27T20:59:59Z, ",
    "2026-11-27T21:00:00Z, 2026-11-28T05:00:00Z",
    "2026-11-28T04:59:59Z, 2026-11-28T05:00:00Z",
    "2026-11-28T05:00:00Z, ",
    "2026-07-01T20:00:00Z, 2026-07-02T04:00:00Z",
    "2026-10-24T21:00:00Z, 2026-10-25T05:00:00Z",
    "2026-03-28T21:30:00Z, 2026-03-29T04:00:00Z",
  })
  void aNightEndsInTheMorningOfItsZone(Instant now, Instant end) {
    // When
    Optional<Instant> until = policy(window("22:00", "06:00", ALL)).quietUntil(TABLE, now);

    // Then
    assertThat(until).isEqualTo(Optional.ofNullable(end));
  }

  // 2026-11-27 is a Friday.
  @ParameterizedTest
  @CsvSource({
    "2026-11-27T22:00:00Z, 2026-11-28T05:00:00Z",
    "2026-11-28T04:00:00Z, 2026-11-28T05:00:00Z",
    "2026-11-28T22:00:00Z, ",
  })
  void aDayIsTheOneOnWhichTheWindowBegins(Instant now, Instant end) {
    // When
    Optional<Instant> until =
        policy(window("22:00", "06:00", Set.of(DayOfWeek.FRIDAY))).quietUntil(TABLE, now);

    // Then
    assertThat(until).isEqualTo(Optional.ofNullable(end));
  }

  @Test
  void windowsThatFollowOneAnotherAreOne() {
    // Given
    Policy policy = policy(window("22:00", "06:00", ALL), window("05:30", "08:00", ALL));

    // When
    Optional<Instant> until = policy.quietUntil(TABLE, Instant.parse("2026-11-27T22:00:00Z"));

    // Then
    assertThat(until).contains(Instant.parse("2026-11-28T07:00:00Z"));
  }

  @Test
  void windowsThatLeaveNoTimeAreWaitedForAndNotForEver() {
    // Given
    Policy policy = policy(window("00:00", "12:00", ALL), window("12:00", "00:00", ALL));
    Instant now = Instant.parse("2026-11-27T22:00:00Z");

    // When
    Optional<Instant> until = policy.quietUntil(TABLE, now);

    // Then
    assertThat(until.orElseThrow()).isAfter(now.plusSeconds(7L * 24 * 3600));
  }

  @ParameterizedTest
  @CsvSource({
    "lock.orphaned, false",
    "table.missing, true",
    "lock.orphaned table.missing, true",
    "'', true",
  })
  void whatIsExceptedDoesNotWaitWhenThePlanHealsNothingElse(String heals, boolean waits) {
    // Given
    List<IssueCode> codes =
        Arrays.stream(heals.split(" ")).filter(c -> !c.isEmpty()).map(IssueCode::of).toList();

    // When
    Optional<Instant> until =
        policy(window("22:00", "06:00", ALL))
            .quietUntil(codes, Instant.parse("2026-11-27T22:00:00Z"));

    // Then
    assertThat(until.isPresent()).isEqualTo(waits);
  }
}
