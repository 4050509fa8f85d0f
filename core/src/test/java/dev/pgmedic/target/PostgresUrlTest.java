package dev.pgmedic.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class PostgresUrlTest {

  @ParameterizedTest
  @CsvSource({
    "postgres://u@h/d, postgresql://u@h:5432/d",
    "postgresql://h:6543/d, postgresql://postgres@h:6543/d",
    "postgresql+psycopg2://u@h/d, postgresql://u@h:5432/d",
    "postgresql://u:p@h/d?sslmode=require, postgresql://u:***@h:5432/d",
    "postgresql://u@[::1]:5433/d, postgresql://u@[::1]:5433/d",
    "postgresql://a%40b:c%3Ad@h/my%20db, postgresql://a%40b:***@h:5432/my%20db",
  })
  void everyUsualFormIsRead(String text, String shown) {
    // When
    PostgresUrl url = PostgresUrl.parse(text);

    // Then
    assertThat(url).hasToString(shown);
    assertThat(PostgresUrl.parse(url.reveal())).isEqualTo(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://u:s3cret@h/d",
        "postgres://u:s3cret@h",
        "postgres://u:s3cret@h/",
        "postgres://u:s3cret@h:0/d",
        "postgres://u:s3cret@h:99999/d",
        "postgres://u:s3cret^@h/d",
        "postgres://u:s3cret@h/d?sslmode=strict",
        "s3cret",
        "",
      })
  void whatIsNoUrlIsRefusedWithoutItsPassword(String text) {
    // When
    Throwable error = catchThrowable(() -> PostgresUrl.parse(text));

    // Then
    assertThat(error).isInstanceOf(IllegalArgumentException.class);
    assertThat(error.toString()).doesNotContain("s3cret");
  }

  @Test
  void partsAreDecoded() {
    // When
    PostgresUrl url = PostgresUrl.parse("postgresql://u:a+b%2Fc@h/d?options=x%20y");

    // Then
    assertThat(url.password()).contains("a+b/c");
    assertThat(url.parameters()).containsEntry("options", "x y");
  }
}
