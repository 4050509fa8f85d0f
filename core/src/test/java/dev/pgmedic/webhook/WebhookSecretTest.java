package dev.pgmedic.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class WebhookSecretTest {

  // The example that the libraries of Standard Webhooks are tested with.
  @Test
  void signsAsStandardWebhooksDoes() {
    // Given
    WebhookSecret secret = new WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    // When
    String signature =
        secret.sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            Instant.ofEpochSecond(1_614_265_330L),
            "{\"test\": 2432232314}");

    // Then
    assertThat(signature).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    assertThat(secret.toString()).doesNotContain("MfKQ");
  }

  @Test
  void aNewOneIsOneAndNoOther() {
    assertThat(WebhookSecret.random().text())
        .startsWith("whsec_")
        .isNotEqualTo(WebhookSecret.random().text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "whsec_", "whsec_hidden", "hidden", "whsec_MfKQ9r8GKYqr", "whsec_%%%"})
  void whatIsNoneIsRefusedAndNotRepeated(String text) {
    // When
    Throwable error = catchThrowable(() -> new WebhookSecret(text));

    // Then
    assertThat(error)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("whsec_ and 24 to 64 bytes");
    assertThat(error.getMessage()).doesNotContain("hidden");
  }
}
