package dev.pgmedic.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class CursorTest {

  @Test
  void isReadAsItIsWritten() {
    // Given
    Cursor cursor = new Cursor("0a1b2c3d", 999_999_999_999_999_999L);

    // When
    String text = cursor.toString();

    // Then
    assertThat(Cursor.parse(text)).contains(cursor);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0a1b2c3d",
        "0a1b2c3d-",
        "0A1B2C3D-1",
        "0a1b2c3d--1",
        "beginning",
        "1-1",
        "0a1b2c3d-9999999999999999999",
        "0a1b2c3d-1 "
      })
  void whatIsNoneIsNone(String text) {
    assertThat(Cursor.parse(text)).isEmpty();
  }
}
