package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.config.Config.Anonymous;
import dev.pgmedic.config.Config.Token;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the console is made of, as it is served. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleTest {

  private static final Path FOLDER =
      Path.of(System.getProperty("pgmedic.root"), "api/src/main/resources/dev/pgmedic/api/console");

  private final Target target = Target.of("shop", TestDatabases.fresh());
  private final Service service = Service.of(target);
  private final Service closed =
      new Service(Service.Setup.of(target).withAnonymous(Anonymous.NONE));

  @AfterAll
  void close() {
    service.close();
    closed.close();
  }

  static List<String> files() {
    return Console.FILES;
  }

  @ParameterizedTest
  @MethodSource("files")
  void aFileIsServedToAllAndHoldsTheBrowserToItsPolicy(String name) throws IOException {
    // When
    Reply reply = closed.send(Call.get("/console/" + name));

    // Then
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo(Files.readString(FOLDER.resolve(name)));
    assertThat(reply.headers())
        .containsEntry("X-Content-Type-Options", "nosniff")
        .containsEntry("Cache-Control", "no-cache");
    assertThat(reply.headers().get("Content-Security-Policy"))
        .startsWith("default-src 'none'; script-src 'self'; ")
        .doesNotContain("unsafe", "*", "http");
  }

  @Test
  void nothingIsForgottenAndNothingComesFromElsewhere() throws IOException {
    // When
    List<String> there;
    try (Stream<Path> walked = Files.walk(FOLDER)) {
      there =
          walked
              .filter(Files::isRegularFile)
              .map(file -> FOLDER.relativize(file).toString().replace('\\', '/'))
              .toList();
    }

    // Then
    assertThat(Console.FILES).containsExactlyInAnyOrderElementsOf(there);
    for (String name : there) {
      assertThat(Files.readString(FOLDER.resolve(name)).replace("http://www.w3.org/2000/svg", ""))
          .as(name)
          .doesNotContain("://", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write");
    }
  }

  @Test
  void thePageIsServedAtTheRootAndNotSentAgainWhileItIsTheSame() {
    // Given
    Reply first = closed.send(Call.get("/"));

    // When
    Reply again = closed.send(Call.get("/").with("If-None-Match", first.headers().get("ETag")));

    // Then
    assertThat(first.headers()).containsEntry("Content-Type", "text/html; charset=utf-8");
    assertThat(first.body()).contains("<script type=\"module\" src=\"/console/main.js\">");
    assertThat(again.status()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/console/",
        "/console/../openapi.yaml",
        "/console/%2e%2e/openapi.yaml",
        "/console/nothing.js",
        "/console/views",
      })
  void nothingElseIsServed(String path) {
    // When
    Reply reply = service.send(Call.get(path));

    // Then
    reply.problem(404);
  }

  @ParameterizedTest
  @CsvSource({"watcher, viewer", "jarvis, approver", "root, admin"})
  void aTokenIsToldWhoItIs(String name, String role) {
    // Given
    Token token =
        Service.TOKENS.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();

    // When
    Reply reply = service.send(Call.get("/api/whoami").as(token));

    // Then
    assertThat(reply.json().getMap())
        .containsEntry("name", name)
        .containsEntry("role", role)
        .containsEntry("authenticated_by", "config token");
  }

  @Test
  void nobodyIsAViewerWhereTheConfigurationLetsThemLook() {
    // When
    Reply reply = service.send(Call.get("/api/whoami"));

    // Then
    assertThat(reply.json().getMap())
        .containsEntry("name", null)
        .containsEntry("role", "viewer")
        .containsEntry("authenticated_by", "anonymous");
    closed.send(Call.get("/api/whoami")).problem(401);
  }
}
