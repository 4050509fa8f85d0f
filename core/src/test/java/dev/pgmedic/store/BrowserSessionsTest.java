package dev.pgmedic.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.access.Scope;
import dev.pgmedic.access.TokenKind;
import dev.pgmedic.config.Config.Role;
import dev.pgmedic.digest.Sha256;
import dev.pgmedic.store.BrowserSessions.Owner;
import dev.pgmedic.store.Tokens.Made;
import dev.pgmedic.store.Tokens.NewToken;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Browsers that are signed in. */
@Timeout(60)
class BrowserSessionsTest {

  private static final String CONFIGURED = "configured-token-of-the-test";

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();
  private final Store store = Store.open(vertx, url).await();
  private final Tokens tokens = new Tokens(store);
  private final BrowserSessions sessions = new BrowserSessions(store);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private Made made() {
    NewToken token =
        new NewToken("jarvis", Role.APPROVER, TokenKind.AGENT, Scope.ALL, Optional.empty());
    return tokens.create(token, "root").await().orElseThrow();
  }

  private Optional<Owner> good(String cookie) {
    return sessions.good(Sha256.hex(cookie)).await();
  }

  // As if so much time had passed since it was used last, and since it was opened.
  private void age(String unused, String old) {
    TestDatabases.run(
        url,
        "UPDATE pgmedic.browser_session SET used_at = used_at - interval '%s',".formatted(unused)
            + " created_at = created_at - interval '%s'".formatted(old));
  }

  @Test
  void itIsTheTokensAndKnownByItsHashAlone() {
    // Given
    Made jarvis = made();

    // When
    String ofStore = sessions.open(jarvis.secret(), Optional.empty()).await();
    String ofConfiguration = sessions.open(CONFIGURED, Optional.empty()).await();

    // Then
    assertThat(BrowserSessions.isOurs(ofStore)).isTrue();
    assertThat(ofStore).isNotEqualTo(ofConfiguration);
    assertThat(good(ofStore)).contains(new Owner.OfStore(jarvis.token()));
    assertThat(good(ofConfiguration))
        .contains(
            new Owner.OfConfiguration(
                BrowserSessions.proof(ofConfiguration, Sha256.hex(CONFIGURED))));
    assertThat(good("pgs_" + "0".repeat(64))).isEmpty();
    assertThat(TestDatabases.query(url, "SELECT s::text FROM pgmedic.browser_session s"))
        .hasSize(2)
        .noneMatch(
            row -> row.contains(ofStore.substring(4)) || row.contains(Sha256.hex(CONFIGURED)));
  }

  @Test
  void itEndsWithItsToken() {
    // Given
    Made jarvis = made();
    String cookie = sessions.open(jarvis.secret(), Optional.empty()).await();
    TestDatabases.run(url, "UPDATE pgmedic.token SET expires_at = now() + interval '1 hour'");
    Optional<Owner> before = good(cookie);

    // When
    TestDatabases.run(url, "UPDATE pgmedic.token SET expires_at = now()");
    Optional<Owner> expired = good(cookie);
    TestDatabases.run(url, "UPDATE pgmedic.token SET expires_at = NULL");
    Optional<Owner> again = good(cookie);
    tokens.revoke(jarvis.token().id(), "root").await();

    // Then
    assertThat(before).isPresent();
    assertThat(expired).isEmpty();
    assertThat(again).isPresent();
    assertThat(good(cookie)).isEmpty();
  }

  @Test
  void aTokenThatVanishesTakesItsSessionsAlong() {
    // Given
    String cookie = sessions.open(made().secret(), Optional.empty()).await();

    // When
    TestDatabases.run(url, "DELETE FROM pgmedic.token");

    // Then
    assertThat(good(cookie)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "11 hours, 6 days, true",
    "12 hours, 1 day, false",
    "1 minute, 7 days, false",
  })
  void itEndsUnusedAndInAnyCase(String unused, String old, boolean there) {
    // Given
    String cookie = sessions.open(CONFIGURED, Optional.empty()).await();

    // When
    age(unused, old);

    // Then
    assertThat(good(cookie).isPresent()).isEqualTo(there);
    assertThat(good(cookie).isPresent()).isEqualTo(there);
    assertThat(sessions.forget().await()).isEqualTo(there ? 0 : 1);
  }

  @Test
  void whoeverUsesItKeepsIt() {
    // Given
    String cookie = sessions.open(CONFIGURED, Optional.empty()).await();

    // When
    age("11 hours", "11 hours");
    Optional<Owner> first = good(cookie);
    age("11 hours", "11 hours");

    // Then
    assertThat(first).isPresent();
    assertThat(good(cookie)).isPresent();
  }

  @Test
  void whoeverSignsOutEndsThisOneAlone() {
    // Given
    String desk = sessions.open(CONFIGURED, Optional.empty()).await();
    String phone = sessions.open(CONFIGURED, Optional.empty()).await();

    // When
    boolean ended = sessions.end(desk).await();
    boolean again = sessions.end(desk).await();

    // Then
    assertThat(ended).isTrue();
    assertThat(again).isFalse();
    assertThat(good(desk)).isEmpty();
    assertThat(good(phone)).isPresent();
  }

  @Test
  void whoeverSignsInAgainEndsTheSessionBefore() {
    // Given
    String before = sessions.open(CONFIGURED, Optional.empty()).await();
    String phone = sessions.open(CONFIGURED, Optional.empty()).await();

    // When
    String now = sessions.open(CONFIGURED, Optional.of(before)).await();

    // Then
    assertThat(good(before)).isEmpty();
    assertThat(good(now)).isPresent();
    assertThat(good(phone)).isPresent();
  }
}
