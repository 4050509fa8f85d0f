package dev.pgmedic.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A name that an object has twice is seen, wherever that object is. */
class JsonNamesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "{} | -",
        "{\"a\": 1, \"b\": {\"a\": 2}, \"c\": [{\"a\": 3}, {\"a\": 4}]} | -",
        "{\"a\": 1, \"a\": 2} | a",
        "{\"a\": 1, \"\\u0061\": 2} | a",
        "{\"b\": {\"c\": [{\"d\": 1, \"d\": 1}]}} | d",
        "{\"a\": {}, \"b\": 1, \"a\": {}} | a",
        "{\"a\": 1, nonsense | -",
        "[[[ | -",
        "nonsense | -",
      })
  void theNameIsTold(String json, String twice) {
    // When
    String found = JsonNames.twice(json).orElse(null);

    // Then
    assertThat(found).isEqualTo(twice);
  }
}
