package dev.pgmedic.cli;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.microsoft.playwright.Locator;
import dev.pgmedic.cli.Chromium.Screen;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every view of the console is for everybody: on a desk by day and on a phone by night. */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleLooksTest {

  private static final Duration SOON = Duration.ofSeconds(60);

  /** A key that a migration tool is known by. */
  private static final long PRISMA = 72707369;

  private Chromium chromium;
  private Clinic clinic;
  private Connection migration;
  private Connection waiter;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException, SQLException {
    chromium = Chromium.start();
    clinic = new Clinic(folder);
    clinic.run("shop", "DROP TABLE orders");
    heal("shop");
    clinic.run("lab", "DROP TABLE \"" + Clinic.HOSTILE + "\"");
    task("lab", "awaiting_approval");
    migration = TestDatabases.connect(clinic.database("bank"));
    waiter = TestDatabases.connect(clinic.database("bank"));
    lock(migration);
    Thread.ofVirtual().start(() -> waitFor(waiter));
  }

  private static void lock(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(" + PRISMA + ")");
    }
  }

  // It ends with its connection, at the latest when the test does.
  private static void waitFor(Connection connection) {
    try {
      lock(connection);
    } catch (SQLException ended) {
      assertThat(ended.getSQLState()).isNotNull();
    }
  }

  @AfterAll
  void close() throws SQLException {
    if (clinic != null) {
      migration.close();
      waiter.close();
      clinic.close();
      chromium.close();
    }
  }

  private void heal(String target) {
    JsonObject task = task(target, "awaiting_approval");
    assertThat(clinic.api().approve(task, true).statusCode()).isEqualTo(200);
    task(target, "succeeded");
  }

  /** The task of a target, once there is one in this state. */
  @CanIgnoreReturnValue
  private JsonObject task(String target, String state) {
    String path = "/api/recovery-tasks?state=" + state + "&target=" + target;
    await().atMost(SOON).until(() -> !clinic.api().get(path).getJsonArray("items").isEmpty());
    return clinic.api().get(path).getJsonArray("items").getJsonObject(0);
  }

  /** The views by the name of their picture: where each is, and what is there when it is whole. */
  private Map<String, List<String>> views() {
    Map<String, List<String>> views = new LinkedHashMap<>();
    views.put("fleet", List.of("#/", ".card"));
    views.put("target", List.of("#/targets/lab", ".issue"));
    views.put("locks", List.of("#/targets/bank", ".lock-picture .edge"));
    views.put("recoveries", List.of("#/tasks", ".row .icon-ok"));
    views.put("plan", List.of("#/tasks/" + id("lab", "awaiting_approval"), ".step"));
    views.put("healed", List.of("#/tasks/" + id("shop", "succeeded"), ".timeline"));
    views.put("events", List.of("#/events", ".event"));
    views.put("audit", List.of("#/audit", ".audit tbody tr"));
    views.put("nowhere", List.of("#/no/such/place", "h1"));
    return views;
  }

  private String id(String target, String state) {
    return task(target, state).getString("id");
  }

  @ParameterizedTest
  @EnumSource(Screen.class)
  void everybodyCanUseEveryView(Screen screen) {
    try (ConsolePage console = chromium.open(clinic.base(), Clinic.ADMIN, screen)) {
      views()
          .forEach((name, view) -> {
            // When
            console.go(view.get(0));
            assertThat(console.page().locator(view.get(1)).first()).isVisible();
            console.picture(name + "-" + screen.name().toLowerCase(Locale.ROOT));

            // Then
            assertThat(console.violations()).as(name).isEmpty();
            assertThat(console.overflow()).as(name).isZero();
          });
      assertThat(console.complaints()).isEmpty();
    }
  }

  @Test
  void everybodyCanSignIn() {
    try (ConsolePage console = chromium.open(clinic.base(), "", Screen.DESK)) {
      // When
      console.link("Sign in").click();
      console.page().getByLabel("Token").fill("a token that nobody has");
      console.button("Sign in", true).click();

      // Then
      assertThat(console.text("This token is not known here.")).isVisible();
      console.picture("sign-in");
      assertThat(console.violations()).isEmpty();
      console.button("Look around without a token", true).click();
      assertThat(console.page().locator(".card")).hasCount(4);
    }
  }

  @Test
  void thePlanIsReachedAndRejectedWithTheKeyboardAlone() {
    clinic.run("farm", "DROP TABLE plain");
    String task = id("farm", "awaiting_approval");
    try (ConsolePage console = chromium.open(clinic.base(), Clinic.APPROVER, Screen.DESK)) {
      // When: they go there
      reach(console, console.link("farm: Rebuild public.plain"));
      console.page().keyboard().press("Enter");
      assertThat(console.page().locator("h1")).isFocused();
      assertThat(console.page().locator("h1")).hasText("Recovery of farm");

      // When: they decide
      reach(console, console.page().getByLabel("Comment"));
      console.page().keyboard().type("not tonight");
      reach(console, console.button("Reject", true));
      console.page().keyboard().press("Enter");

      // Then
      assertThat(console.page().locator(".page-state")).containsText("rejected");
      JsonObject rejected = clinic.api().get("/api/recovery-tasks/" + task);
      assertThat(rejected.getJsonArray("approvals").getJsonObject(0).getString("comment"))
          .isEqualTo("not tonight");
      console.page().keyboard().press("g");
      console.page().keyboard().press("e");
      assertThat(console.page().locator("h1")).hasText("Events");
    }
  }

  private static void reach(ConsolePage console, Locator wanted) {
    wanted.waitFor();
    for (int presses = 0; presses < 100 && !isFocused(wanted); presses++) {
      console.page().keyboard().press("Tab");
    }
    assertThat(wanted).isFocused();
  }

  private static boolean isFocused(Locator wanted) {
    return Boolean.TRUE.equals(
        Optional.ofNullable(wanted.evaluate("node => node === document.activeElement"))
            .orElse(false));
  }
}
