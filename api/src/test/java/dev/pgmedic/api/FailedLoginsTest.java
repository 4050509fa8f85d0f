package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.config.Config.Role;
import dev.pgmedic.config.Config.Token;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever guesses tokens is heard less and less, and nobody else is. */
@Timeout(90)
class FailedLoginsTest {

  private static final Token GUESS = new Token("stranger", Role.ADMIN, "no-token-of-the-test");

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
  private final FailedLogins logins = new FailedLogins(clock::get);

  private void fail(String address, int times) {
    for (int i = 0; i < times; i++) {
      logins.failed(address);
    }
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  @Test
  void anAddressThatFailedOftenWaitsAndAnotherDoesNot() {
    // When
    fail("10.1.2.3", FailedLogins.FREE - 1);
    boolean before = logins.wait("10.1.2.3").isPresent();
    fail("10.1.2.3", 1);

    // Then
    assertThat(before).isFalse();
    assertThat(logins.wait("10.1.2.3")).contains(Duration.ofSeconds(1));
    assertThat(logins.wait("10.1.2.4")).isEmpty();
  }

  @Test
  void itIsHeardAgainOnceASecondAndForgivenInTheEnd() {
    // Given
    fail("10.1.2.3", FailedLogins.FREE);

    // When
    pass(Duration.ofSeconds(1));
    boolean heard = logins.wait("10.1.2.3").isEmpty();
    fail("10.1.2.3", 1);
    boolean refused = logins.wait("10.1.2.3").isPresent();
    pass(Duration.ofSeconds(FailedLogins.FREE));
    fail("10.1.2.3", FailedLogins.FREE - 1);

    // Then
    assertThat(heard).isTrue();
    assertThat(refused).isTrue();
    assertThat(logins.wait("10.1.2.3")).isEmpty();
  }

  @Test
  void whoeverIsRefusedWaitsNoLongerForAllTheyStillTry() {
    // When
    fail("10.1.2.3", 100 * FailedLogins.FREE);

    // Then
    assertThat(logins.wait("10.1.2.3")).contains(Duration.ofSeconds(1));
  }

  @Test
  void whatIsTakenBackWasNeverCounted() {
    // Given
    fail("10.1.2.3", FailedLogins.FREE);

    // When
    logins.forgive("10.1.2.3");
    boolean heard = logins.wait("10.1.2.3").isEmpty();
    fail("10.1.2.4", 1);
    logins.forgive("10.1.2.4");
    logins.forgive("10.1.2.5");

    // Then
    assertThat(heard).isTrue();
    assertThat(logins.size()).isEqualTo(1);
  }

  @Test
  void aMillionAddressesTakeNoMoreMemoryThanTenThousand() {
    // When
    for (int i = 0; i < 1_000_000; i++) {
      logins.failed("address-" + i);
    }

    // Then
    assertThat(logins.size()).isEqualTo(10_000);
  }

  @Test
  void theListenerAnswersThatItIsTooMuchAndWhenToComeBack() {
    try (Service service = Service.of(Target.of("shop", TestDatabases.fresh()))) {
      // When
      Call guess = Call.get("/api/audit").as(GUESS);
      Reply reply = service.send(guess);
      Reply first = reply;
      for (int i = 0; i < 10 * FailedLogins.FREE && reply.status() != 429; i++) {
        reply = service.send(guess);
      }
      Reply nobody = service.send(Call.get("/api/targets"));

      // Then
      first.problem(401);
      assertThat(reply.problem(429)).isEqualTo("too-many-failed-logins");
      assertThat(reply.headers().get("Retry-After")).isEqualTo("1");
      assertThat(nobody.status()).isEqualTo(200);
    }
  }
}
