package dev.pgmedic.cli;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.cli.Chromium.Screen;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever signs in to the console stays signed in, and no script of the browser has their token.
 */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleSessionTest {

  private Chromium chromium;
  private Clinic clinic;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    chromium = Chromium.start();
    clinic = new Clinic(folder);
  }

  @AfterAll
  void close() {
    if (clinic != null) {
      clinic.close();
      chromium.close();
    }
  }

  private static void assertSignedIn(ConsolePage console, String name) {
    assertThat(console.page().locator(".who")).containsText(name);
  }

  private static void assertSignedOut(ConsolePage console) {
    assertThat(console.link("Sign in")).isVisible();
    assertThat(console.page().locator(".who")).hasCount(0);
  }

  @Test
  void itOutlastsAReloadAndARestartAndIsForAllTabs() throws IOException {
    try (ConsolePage console = chromium.open(clinic.base(), Clinic.APPROVER, Screen.DESK)) {
      // Given
      Object seen =
          console
              .page()
              .evaluate(
                  """
                  () => JSON.stringify(
                      [{ ...sessionStorage }, { ...localStorage }, document.cookie, location.href])
                  """);

      // When
      console.page().reload();
      assertSignedIn(console, "jarvis");
      clinic.without(() -> assertThat(console.text("The server does not answer.")).isVisible());
      assertThat(console.text("The server does not answer.")).isHidden();
      ConsolePage tab = console.tab(clinic.base());

      // Then
      assertSignedIn(console, "jarvis");
      assertSignedIn(tab, "jarvis");
      assertThat(String.valueOf(seen)).doesNotContain(Clinic.APPROVER, "pgs_");
      tab.button("Sign out", true).click();
      assertSignedOut(tab);
      assertSignedOut(console);
      console.page().reload();
      assertSignedOut(console);
      assertThat(console.complaints()).isEmpty();
    }
  }

  @Test
  void itEndsWithItsTokenAndSaysSo() {
    JsonObject body = new JsonObject().put("name", "guest").put("role", "approver");
    JsonObject made =
        new JsonObject(clinic.api().send("POST", "/api/tokens", body.encode()).body());
    try (ConsolePage console =
        chromium.open(clinic.base(), made.getString("secret"), Screen.DESK)) {
      // Given
      assertSignedIn(console, "guest");

      // When
      String token = "/api/tokens/" + made.getString("id");
      assertThat(clinic.api().send("DELETE", token, "").statusCode()).isEqualTo(200);
      console.go("#/targets/shop");

      // Then
      assertThat(console.text("This session has ended: its token is good no more")).isVisible();
      console.picture("session-ended");
      assertThat(console.violations()).isEmpty();
      console.signIn(Clinic.VIEWER);
      assertSignedIn(console, "watcher");
      assertThat(console.page().locator("h1")).hasText("shop");
      assertThat(console.complaints()).isEmpty();
    }
  }
}
