package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.config.Config.Anonymous;
import dev.pgmedic.config.Config.Role;
import dev.pgmedic.config.Config.Token;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A browser is signed in with a cookie that is as good as its token, and no better. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionsTest {

  private static final Token STRANGER =
      new Token("stranger", Role.ADMIN, "stranger-token-of-the-test");

  private static final String OTHER = "pgmedic_session=pgs_" + "0".repeat(64);

  private final Target target = Target.of("shop", TestDatabases.fresh());
  private final Service service = Service.of(target);

  @AfterAll
  void close() {
    service.close();
  }

  private static Call signIn() {
    return new Call("POST", "/api/session", Map.of(), "");
  }

  private static String cookie(Reply signedIn) {
    assertThat(signedIn.status()).as(signedIn.body()).isEqualTo(201);
    return signedIn.headers().get("Set-Cookie").split(";", 2)[0];
  }

  private String signedIn(Token token) {
    return cookie(service.send(signIn().as(token)));
  }

  private String origin() {
    return "http://127.0.0.1:" + service.port();
  }

  private Call fromConsole(Call call, String cookie) {
    return call.with("Cookie", cookie).with("Origin", origin());
  }

  private JsonObject newest() {
    return service
        .send(Call.get("/api/audit?order=newest&limit=1").as(Service.ADMIN))
        .json()
        .getJsonArray("items")
        .getJsonObject(0);
  }

  private static JsonObject token() {
    return new JsonObject().put("name", "token-" + UUID.randomUUID()).put("role", "approver");
  }

  @Test
  void noScriptReadsTheCookieAndNoOtherSiteSendsIt() {
    // When
    Reply plain = service.send(signIn().as(Service.APPROVER));
    Reply proxied =
        new Service(Service.Setup.of(target))
            .send(
                signIn()
                    .as(Service.APPROVER)
                    .with("Host", "pgmedic.example")
                    .with("Origin", "https://pgmedic.example"));

    // Then
    assertThat(plain.headers().get("Set-Cookie"))
        .matches("pgmedic_session=pgs_[0-9a-f]{64}; Path=/; HTTPOnly; SameSite=Strict");
    assertThat(proxied.headers().get("Set-Cookie")).contains("; Secure");
    assertThat(plain.headers().get("Cache-Control")).isEqualTo("no-store");
    assertThat(plain.json().getString("name")).isEqualTo("jarvis");
    assertThat(plain.json().getString("role")).isEqualTo("approver");
    assertThat(plain.body()).doesNotContain("pgs_");
  }

  @Test
  void whoeverIsSignedInIsWhoeverHasTheToken() {
    // Given
    String cookie = signedIn(Service.ADMIN);

    // When
    Reply who = service.send(Call.get("/api/whoami").with("Cookie", cookie));
    Reply made = service.send(fromConsole(Call.post("/api/tokens", token()), cookie));

    // Then
    assertThat(who.json().getMap())
        .containsEntry("name", "root")
        .containsEntry("role", "admin")
        .containsEntry("authenticated_by", "session of token root");
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    assertThat(newest().getMap())
        .containsEntry("action", "create_token")
        .containsEntry("actor", "root")
        .containsEntry("authenticated_by", "session of token root");
  }

  @Test
  void signingInAndOutAreInTheAudit() {
    // When
    String cookie = signedIn(Service.VIEWER);
    JsonObject in = newest();
    Reply ended = service.send(fromConsole(Call.delete("/api/session"), cookie));
    JsonObject out = newest();
    Reply again = service.send(fromConsole(Call.delete("/api/session"), cookie));

    // Then
    assertThat(in.getMap())
        .containsEntry("action", "sign_in")
        .containsEntry("actor", "watcher")
        .containsEntry("authenticated_by", "config token");
    assertThat(out.getMap())
        .containsEntry("action", "sign_out")
        .containsEntry("authenticated_by", "session of token watcher");
    for (Reply reply : new Reply[] {ended, again}) {
      assertThat(reply.status()).isEqualTo(204);
      assertThat(reply.headers().get("Set-Cookie")).startsWith("pgmedic_session=; Max-Age=0");
    }
    assertThat(newest()).isEqualTo(out);
    assertThat(service.send(Call.get("/api/whoami").with("Cookie", cookie)).problem(401))
        .isEqualTo("session-ended");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "-                        | -           | 403",
        "-                        | same-origin | 201",
        "-                        | same-site   | 403",
        "-                        | cross-site  | 403",
        "-                        | none        | 403",
        "OURS                     | -           | 201",
        "OURS                     | same-origin | 201",
        "OURS                     | cross-site  | 403",
        "http://127.0.0.1:1       | -           | 403",
        "http://127.0.0.1:1       | same-origin | 403",
        "https://evil.example     | -           | 403",
        "null                     | -           | 403",
      })
  void aChangeByCookieComesFromTheConsoleAlone(String origin, String site, int expected) {
    // Given
    Call change = Call.post("/api/tokens", token()).with("Cookie", signedIn(Service.ADMIN));
    if (origin != null) {
      change = change.with("Origin", origin.equals("OURS") ? origin() : origin);
    }
    if (site != null) {
      change = change.with("Sec-Fetch-Site", site);
    }

    // When
    Reply reply = service.send(change);

    // Then
    assertThat(reply.status()).as(reply.body()).isEqualTo(expected);
  }

  @Test
  void anotherSiteSignsNobodyOut() {
    // Given
    String cookie = signedIn(Service.VIEWER);

    // When
    Reply reply = service.send(Call.delete("/api/session").with("Cookie", cookie));

    // Then
    reply.problem(403);
    assertThat(service.send(Call.get("/api/whoami").with("Cookie", cookie)).status())
        .isEqualTo(200);
  }

  @Test
  void aTokenWinsOverACookie() {
    // Given
    String admin = signedIn(Service.ADMIN);
    Call who = Call.get("/api/whoami").with("Cookie", admin);

    // When
    Reply viewer = service.send(who.as(Service.VIEWER));
    Reply stranger = service.send(who.as(STRANGER));
    Reply change =
        service.send(Call.post("/api/tokens", token()).with("Cookie", admin).as(Service.VIEWER));

    // Then
    assertThat(viewer.json().getString("name")).isEqualTo("watcher");
    assertThat(stranger.problem(401)).isEqualTo("unauthorized");
    change.problem(403);
  }

  @Test
  void aSessionIsNotMadeOfASessionOrOfNothing() {
    // Given
    String cookie = signedIn(Service.ADMIN);

    // When
    Reply session = service.send(fromConsole(signIn(), cookie));
    Reply nobody = service.send(signIn());
    Reply stranger = service.send(signIn().as(STRANGER));

    // Then
    assertThat(session.problem(401)).isEqualTo("unauthorized");
    nobody.problem(401);
    stranger.problem(401);
    assertThat(session.headers()).doesNotContainKey("Set-Cookie");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pgmedic_session=",
        "pgmedic_session=nonsense",
        "pgmedic_session=pgs_%00",
        "pgmedic_session=pgs_0000000000000000000000000000000000000000000000000000000000000000",
        "pgmedic_session=a; pgmedic_session=b",
      })
  void aCookieOfSomebodyElseIsRefusedAlsoWhereNobodyMayRead(String cookie) {
    // When
    Reply reply = service.send(Call.get("/api/targets").with("Cookie", cookie));
    Reply probe = service.send(Call.get("/livez").with("Cookie", cookie));

    // Then
    assertThat(reply.problem(401)).isEqualTo("session-ended");
    assertThat(probe.status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"another=cookie", "%zz", ";=;", "pgmedic_sessions=x"})
  void otherCookiesAreNoneOfOurs(String cookie) {
    // When
    Reply reply = service.send(Call.get("/api/whoami").with("Cookie", cookie));

    // Then
    assertThat(reply.json().getString("authenticated_by")).isEqualTo("anonymous");
  }

  @Test
  void itEndsWithItsTokenAndLastsOnEveryNode() {
    // Given
    JsonObject made = service.send(Call.post("/api/tokens", token()).as(Service.ADMIN)).json();
    String secret = made.getString("secret");
    String cookie = cookie(service.send(signIn().with("Authorization", "Bearer " + secret)));
    Call who = Call.get("/api/whoami").with("Cookie", cookie);
    try (Service other = new Service(Service.Setup.of(target).withStore(service.storeUrl()))) {
      // When
      Reply there = other.send(who);
      Call revoke = Call.delete("/api/tokens/" + made.getString("id")).as(Service.ADMIN);
      assertThat(service.send(revoke).status()).isEqualTo(200);

      // Then
      assertThat(there.json().getString("name")).isEqualTo(made.getString("name"));
      assertThat(other.send(who).problem(401)).isEqualTo("session-ended");
      assertThat(service.send(who).problem(401)).isEqualTo("session-ended");
    }
  }

  @Test
  void aTokenThatLeavesTheConfigurationTakesItsSessionsAlong() {
    // Given
    Token leaving = new Token("leaving", Role.ADMIN, "leaving-token-of-the-test");
    Service.Setup setup = Service.Setup.of(target).withAnonymous(Anonymous.NONE);
    String cookie;
    Reply before;
    try (Service first = new Service(setup.withTokens(leaving))) {
      cookie = cookie(first.send(signIn().as(leaving)));
      before = first.send(Call.get("/api/whoami").with("Cookie", cookie));
    }

    // When
    Token renewed = new Token("leaving", Role.ADMIN, "another-token-of-the-test");
    try (Service second = new Service(setup.withTokens(renewed))) {
      Reply after = second.send(Call.get("/api/whoami").with("Cookie", cookie));

      // Then
      assertThat(before.status()).isEqualTo(200);
      assertThat(after.problem(401)).isEqualTo("session-ended");
    }
  }

  @Test
  void guessesOfEitherKindAreHeardLessAndLess() {
    try (Service guessed = Service.of(target)) {
      // When
      for (int i = 0; i < FailedLogins.FREE; i++) {
        Call guess =
            i % 2 == 0
                ? signIn().as(STRANGER)
                : Call.get("/api/targets").with("Cookie", "pgmedic_session=pgs_" + i);
        guessed.send(guess).problem(401);
      }
      Reply next = guessed.send(signIn().as(Service.ADMIN));

      // Then
      assertThat(next.problem(429)).isEqualTo("too-many-failed-logins");
      assertThat(next.headers()).doesNotContainKey("Set-Cookie");
    }
  }

  @Test
  void aCookieBesideAGoodOneMakesBothNobodys() {
    // Given
    String good = signedIn(Service.ADMIN);

    // When
    Reply before = service.send(Call.get("/api/whoami").with("Cookie", good + "; " + OTHER));
    Reply behind = service.send(Call.get("/api/whoami").with("Cookie", OTHER + "; " + good));

    // Then
    assertThat(before.problem(401)).isEqualTo("session-ended");
    assertThat(behind.problem(401)).isEqualTo("session-ended");
  }

  @Test
  void aSessionWhoseTokenLeftTheConfigurationStaysEndedWhenItComesBack() {
    // Given
    Service other = new Service(Service.Setup.of(target).withTokens(STRANGER));
    String cookie = cookie(other.send(signIn().as(STRANGER)));
    Call who = Call.get("/api/whoami").with("Cookie", cookie);
    Reply before = other.send(who);

    // When: a node of the same store whose file does not name the token
    Service without = new Service(Service.Setup.of(target).withStore(other.storeUrl()));
    Reply gone = without.send(who);
    Reply back = other.send(who);

    // Then
    assertThat(before.json().getString("name")).isEqualTo("stranger");
    assertThat(gone.problem(401)).isEqualTo("session-ended");
    assertThat(back.problem(401)).isEqualTo("session-ended");
    without.close();
    other.close();
  }

  @Test
  void whoeverSignsOutTooOftenWithNothingIsRefusedForASecondAndNoLonger() {
    // Given
    Service guessed = Service.of(target);
    Call out =
        Call.delete("/api/session").with("Cookie", OTHER).with("Sec-Fetch-Site", "same-origin");

    // When
    Reply last = guessed.send(out);
    for (int i = 0; i < 2 * FailedLogins.FREE && last.status() == 204; i++) {
      last = guessed.send(out);
    }

    // Then
    assertThat(last.problem(429)).isEqualTo("too-many-failed-logins");
    assertThat(last.headers().get("Retry-After")).isEqualTo("1");
    guessed.close();
  }
}
