package dev.pgmedic.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PaceTest {

  private static final Duration EVERY = Duration.ofSeconds(10);

  private final Pace pace = new Pace(EVERY, new Random(42));

  @Test
  void spreadsTheFirstChecksOfAFleetOverTheWholeInterval() {
    // When
    List<Duration> first = Stream.generate(() -> pace.first(1_000)).limit(1_000).toList();

    // Then: each tenth of the interval has its share
    for (int tenth = 0; tenth < 10; tenth++) {
      Duration from = Duration.ofSeconds(tenth);
      assertThat(first)
          .filteredOn(at -> at.compareTo(from) > 0 && at.minusSeconds(1).compareTo(from) <= 0)
          .as("from %s on", from)
          .hasSizeBetween(60, 140);
    }
  }

  @Test
  void checksAHandfulWithinASecond() {
    // When
    Stream<Duration> first = Stream.generate(() -> pace.first(3)).limit(1_000);

    // Then
    assertThat(first).allMatch(at -> !at.isZero() && at.compareTo(Duration.ofSeconds(1)) <= 0);
  }

  @Test
  void leavesAServerThatStrugglesAloneForLongerAndLongerUpToABound() {
    // When
    List<Duration> intervals =
        Stream.generate(
                () -> {
                  pace.after(true);
                  return pace.interval();
                })
            .limit(6)
            .toList();

    // Then
    assertThat(intervals.stream().map(Duration::toSeconds))
        .containsExactly(20L, 40L, 80L, 160L, 160L, 160L);
    assertThat(pace.isHeldBack()).isTrue();
  }

  @Test
  void isNeverFasterThanItsOwnPaceHoweverSlowThatIs() {
    // Given
    Pace slow = new Pace(Duration.ofHours(1), new Random(42));

    // When
    slow.after(true);

    // Then
    assertThat(slow.interval()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void isBackAtItsOwnPaceOnceTheServerAnswers() {
    // Given
    pace.after(true);
    pace.after(true);

    // When
    pace.after(false);

    // Then
    assertThat(pace.isHeldBack()).isFalse();
    assertThat(pace.interval()).isEqualTo(EVERY);
  }

  @Test
  void comesALittleEarlierAndNeverLater() {
    // When
    Stream<Duration> next = Stream.generate(() -> pace.next(Duration.ZERO)).limit(1_000);

    // Then
    assertThat(next)
        .allMatch(in -> in.compareTo(EVERY) <= 0 && in.compareTo(Duration.ofMillis(9_800)) >= 0)
        .anyMatch(in -> in.toMillis() < 9_840)
        .anyMatch(in -> in.toMillis() > 9_960);
  }

  @Test
  void keepsToItsTimesHoweverLateOneCheckCame() {
    // When: it ended 3 s after it was due, and one that had to wait for two others
    Stream<Duration> late = Stream.generate(() -> pace.next(Duration.ofSeconds(3))).limit(1_000);
    Stream<Duration> later = Stream.generate(() -> pace.next(Duration.ofSeconds(23))).limit(1_000);

    // Then
    assertThat(Stream.concat(late, later))
        .allMatch(in -> in.toMillis() <= 7_000 && in.toMillis() >= 6_800);
  }

  @Test
  void leavesAServerThatStrugglesAloneFromTheEndOfTheCheckOn() {
    // Given
    pace.after(true);

    // When
    Stream<Duration> next = Stream.generate(() -> pace.next(Duration.ofSeconds(9))).limit(1_000);

    // Then
    assertThat(next).allMatch(in -> in.toMillis() <= 20_000 && in.toMillis() >= 19_600);
  }
}
