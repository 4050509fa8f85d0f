package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.config.Config.Anonymous;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who has no token gets what the configuration leaves, whatever way a path is written. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessTest {

  private final Target target = Target.of("shop", TestDatabases.fresh());
  private final Service service = Service.of(target);
  private final Service closed =
      new Service(Service.Setup.of(target).withAnonymous(Anonymous.NONE));

  @AfterAll
  void close() {
    service.close();
    closed.close();
  }

  @ParameterizedTest
  @EnumSource(Anonymous.class)
  void nobodyMayDoWhatTheConfigurationLeaves(Anonymous allowed) {
    try (Service tried = new Service(Service.Setup.of(target).withAnonymous(allowed))) {
      for (Needed operation : Needed.operations()) {
        // When
        Reply reply = tried.send(operation.call());

        // Then
        boolean passes =
            switch (operation.need().level()) {
              case PUBLIC -> true;
              case HEALTH -> allowed != Anonymous.NONE;
              case VIEWER -> allowed == Anonymous.VIEWER;
              case TOKEN, APPROVER, ADMIN -> false;
            };
        if (passes) {
          assertThat(reply.status()).as("%s", operation).isNotIn(401, 403);
        } else {
          reply.problem(401);
        }
      }
    }
  }

  static Stream<String> otherSpellings() {
    return Stream.of(
        "/api/targets/",
        "//api/targets",
        "/api//targets",
        "/api/./targets",
        "/livez/../api/targets",
        "/livez/%2e%2e/api/targets",
        "/api/%74argets",
        "/api/targets;x=y",
        "/%61pi/targets/shop",
        "/api/targets/%73hop",
        "/api/targets/shop/",
        "/API/targets",
        "/api/targets?a=/livez",
        "http://127.0.0.1/api/targets");
  }

  @ParameterizedTest
  @MethodSource("otherSpellings")
  void noSpellingOfAPathGoesPastTheGuard(String path) {
    // When
    Reply reply = closed.send(Call.get(path));

    // Then
    assertThat(reply.status()).as(reply.body()).isIn(400, 401, 404);
    assertThat(reply.body()).doesNotContain("postgresql://");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/targets/shop/check/",
        "/api/targets/shop/%63heck",
        "/api/targets/shop//check",
        "//api/targets/shop/check",
        "/livez/../api/targets/shop/check",
      })
  void noSpellingOfAPathLetsNobodyAct(String path) {
    // When
    Reply reply = service.send(Call.post(path, ""));

    // Then
    assertThat(reply.status()).as(reply.body()).isIn(400, 401, 404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Forwarded | for=10.1.2.3",
        "X-Forwarded-For | 10.1.2.3",
        "x-forwarded-host | pgmedic.example",
        "X-Forwarded-Proto | https",
        "X-Real-IP | 10.1.2.3",
        "Via | 1.1 proxy",
      })
  void aForwardedRequestIsNotFromThisMachine(String header, String value) {
    // When
    Reply nobody = service.send(Call.get("/api/targets").with(header, value));
    Reply viewer = service.send(Call.get("/api/targets").with(header, value).as(Service.VIEWER));

    // Then
    assertThat(nobody.problem(401)).isEqualTo("unauthorized");
    assertThat(nobody.headers()).containsEntry("WWW-Authenticate", "Bearer");
    assertThat(viewer.status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "viewer-token-of-the-test"})
  void aHeaderWithoutATokenIsRefusedEvenWhereNobodyMayRead(String authorization) {
    // When
    Reply reply = service.send(Call.get("/api/targets").with("Authorization", authorization));

    // Then
    reply.problem(401);
  }

  @Test
  void aTokenInTheUrlIsNotRead() {
    // When
    Reply reply =
        closed.send(
            Call.get(
                "/api/targets?token=admin-token-of-the-test&access_token="
                    + "admin-token-of-the-test"));

    // Then
    reply.problem(401);
  }
}
