package dev.pgmedic.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class EventFilterTest {

  private static final Event OPENED =
      new Event(
          new Cursor("0a1b2c3d", 7),
          EventType.ISSUE_OPENED,
          "shop",
          "an issue",
          Instant.parse("2026-11-27T01:02:03.456789Z"),
          new JsonObject().put("a", 1));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''            | ''                          | true",
        "shop          | ''                          | true",
        "farm, shop    | issue.opened                | true",
        "farm          | issue.opened                | false",
        "shop          | task.failed,issue.resolved  | false",
        "''            | task.failed, issue.opened   | true"
      })
  void anEventPassesThatIsNamedOrWhereNothingIs(String targets, String types, boolean passes) {
    assertThat(EventFilter.parse(targets, types).wants(OPENED)).isEqualTo(passes);
  }

  @Test
  void aTypeThatIsNoneIsAMistake() {
    // When
    Throwable error = catchThrowable(() -> EventFilter.parse("", "issue.opened,issue.eaten"));

    // Then
    assertThat(error)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("issue.eaten");
  }

  @Test
  void anEventIsReadAsItIsWritten() {
    assertThat(Event.of(new JsonObject(OPENED.toCloudEvent().encode()))).isEqualTo(OPENED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"id\": \"0a1b2c3d-7\", \"type\": \"com.example.order\"}",
        "{\"id\": 7}",
        "{\"id\": \"0a1b2c3d-7\", \"type\": \"dev.pgmedic.issue.opened\", \"source\": \"/x\"}"
      })
  void anEventOfSomebodyElseIsNone(String json) {
    // When
    Throwable error = catchThrowable(() -> Event.of(new JsonObject(json)));

    // Then
    assertThat(error).isInstanceOf(IllegalArgumentException.class);
  }
}
