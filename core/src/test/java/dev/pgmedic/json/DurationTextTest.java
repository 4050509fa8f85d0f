package dev.pgmedic.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class DurationTextTest {

  @ParameterizedTest
  @CsvSource({
    "500ms, 500, 500ms", "30s, 30000, 30s", "5m, 300000, 300s", "2h, 7200000, 7200s",
    "7d, 604800000, 604800s", " 1s , 1000, 1s", "0s, 0, 0s", "1500ms, 1500, 1500ms"
  })
  void isReadAndWritten(String text, long millis, String written) {
    // When
    Duration duration = DurationText.parse(text);

    // Then
    assertThat(duration).hasMillis(millis);
    assertThat(DurationText.format(duration)).isEqualTo(written);
    assertThat(Json.read(Json.write(duration), Duration.class)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "s", "-5s", "5 s", "1.5s", "5y", "9999999999s", "5S"})
  void whatIsNoneIsRefused(String text) {
    // When
    Throwable error = catchThrowable(() -> DurationText.parse(text));

    // Then
    assertThat(error)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a duration like 500ms");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0ms",
    "999, 999ms",
    "1000, 1.0s",
    "9999, 9.9s",
    "10000, 10s",
    "250000, 4m 10s",
    "240000, 4m",
    "3600000, 1h",
    "3605000, 1h",
    "273600000, 3d 4h",
    "86400000, 1d"
  })
  void isToldToPeopleInTwoUnits(long millis, String words) {
    assertThat(DurationText.words(Duration.ofMillis(millis))).isEqualTo(words);
  }
}
