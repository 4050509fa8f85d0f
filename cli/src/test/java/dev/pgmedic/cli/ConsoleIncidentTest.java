package dev.pgmedic.cli;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.pgmedic.cli.Chromium.Screen;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Operators live through incidents in a real browser, and never load the page again. */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleIncidentTest {

  private static final Duration SOON = Duration.ofSeconds(60);

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

  private static Locator card(ConsolePage console, String target) {
    return console.page().locator(".card", new Page.LocatorOptions().setHas(console.link(target)));
  }

  private JsonObject waiting(String target) {
    String path = "/api/recovery-tasks?state=awaiting_approval&target=" + target;
    await().atMost(SOON).until(() -> !clinic.api().get(path).getJsonArray("items").isEmpty());
    return clinic.api().get(path).getJsonArray("items").getJsonObject(0);
  }

  @Test
  @Order(1) // its pictures are the manual's: the rest of the fleet is well
  void aTableVanishesAndComesBackWithoutAReload() {
    try (ConsolePage console = chromium.open(clinic.base(), Clinic.APPROVER, Screen.DESK)) {
      // Given
      assertThat(card(console, "shop")).containsText("healthy");

      // When: it vanishes, and somebody reads what would heal it
      clinic.run("shop", "DROP TABLE orders");
      assertThat(card(console, "shop")).containsText("public.orders is gone");
      assertThat(console.link("shop: Rebuild public.orders")).isVisible();
      console.picture("incident-1-found");
      console.manual("fleet");
      console.link("shop: Rebuild public.orders").click();
      assertThat(console.text("Lost before anybody looked")).isVisible();
      assertThat(console.page().getByText("about 100 rows, seen")).isVisible();
      assertThat(console.page().getByLabel("SQL of step 1"))
          .containsText("CREATE TABLE public.orders");
      console.picture("incident-2-plan");
      console.manual("plan");

      // When: they approve, first without the loss
      console.button("Approve this plan", true).click();
      assertThat(console.text("Say first that you accept the loss.")).isVisible();
      assertThat(waiting("shop").getJsonArray("approvals")).isEmpty();
      console.page().getByLabel("I accept that about 100 rows").check();
      console.page().getByLabel("Comment").fill("seen, go");
      console.button("Approve this plan", true).click();

      // Then
      assertThat(console.text("2 of 2 steps done")).isVisible();
      assertThat(console.text("approved by jarvis, who accepts the loss")).isVisible();
      assertThat(console.text("table.missing resolved")).isVisible();
      console.picture("incident-3-healed");
      console.link("Fleet").first().click();
      assertThat(card(console, "shop").locator(".tone-ok")).hasText("healthy");
      assertThat(TestDatabases.query(clinic.database("shop"), "SELECT count(*) FROM orders"))
          .containsExactly("0");
      assertThat(console.loads()).isEqualTo(1);
      assertThat(console.complaints()).isEmpty();
    }
  }

  @Test
  void aViewerReadsThePlanAndMayNotDecide() {
    clinic.run("bank", "DROP TABLE orders");
    String task = waiting("bank").getString("id");
    try (ConsolePage console = chromium.open(clinic.base(), Clinic.VIEWER, Screen.DESK)) {
      // When
      console.go("#/tasks/" + task);
      assertThat(console.text("watcher may look (viewer). An approver decides.")).isVisible();
      Object status =
          console
              .page()
              .evaluate(
                  """
                  async ([task, digest]) => (await fetch(`/api/recovery-tasks/${task}/approve`, {
                    method: 'POST',
                    headers: { 'Content-Type': 'application/json' },
                    body: JSON.stringify({ plan_digest: digest, accept_data_loss: true }),
                  })).status
                  """,
                  List.of(task, waiting("bank").getJsonObject("plan").getString("digest")));

      // Then
      assertThat(status).isEqualTo(403);
      assertThat(console.button("Approve", false)).hasCount(0);
      assertThat(console.button("Reject", false)).hasCount(0);
      assertThat(console.link("Audit")).hasCount(0);
      assertThat(waiting("bank").getString("id")).isEqualTo(task);
    }
  }

  @Test
  void aHostileNameIsText() {
    clinic.run("lab", "DROP TABLE \"" + Clinic.HOSTILE + "\"");
    String task = waiting("lab").getString("id");
    try (ConsolePage console = chromium.open(clinic.base(), Clinic.APPROVER, Screen.DESK)) {
      for (String place : List.of("#/", "#/targets/lab", "#/tasks/" + task, "#/events")) {
        // When
        console.go(place);

        // Then
        assertThat(console.text("public.\"" + Clinic.HOSTILE + "\"")).isVisible();
        assertThat(console.page().locator("main img")).hasCount(0);
      }
      assertThat(console.complaints()).isEmpty();
    }
  }

  @Test
  void anAdminSilencesAnIssueAndTheAuditSaysWhy() {
    clinic.run("bank", "ALTER TABLE users ALTER COLUMN name DROP NOT NULL");
    try (ConsolePage console = chromium.open(clinic.base(), Clinic.ADMIN, Screen.DESK)) {
      // Given
      console.go("#/targets/bank");
      Locator issue =
          console
              .page()
              .locator(".issue")
              .filter(new Locator.FilterOptions().setHasText("schema.drift"));
      issue.getByText("Settle").click();

      // When
      issue.getByLabel("Reason").fill("the release of tonight");
      issue.getByText("Silence for").click();

      // Then
      assertThat(issue.getByText("silenced, ends")).isVisible();
      console.link("Audit").click();
      assertThat(console.page().locator(".audit")).containsText("the release of tonight");
      assertThat(console.complaints()).isEmpty();
    }
  }

  @Test
  void aServiceThatGoesAndComesBackLosesNoEvent() throws IOException {
    try (ConsolePage console = chromium.open(clinic.base(), "", Screen.DESK)) {
      // Given
      console.go("#/events");
      assertThat(console.text("baseline.taken")).isVisible();

      // When
      clinic.without(() -> {
        assertThat(console.text("The server does not answer.")).isVisible();
        console.picture("away");
        clinic.run("farm", "DROP TABLE plain");
      });

      // Then
      assertThat(console.text("public.plain is gone")).isVisible();
      assertThat(console.text("The server does not answer.")).isHidden();
      await().atMost(SOON).until(() -> shown(console).equals(clinic.sequences()));
      assertThat(console.loads()).isEqualTo(1);
      assertThat(console.complaints()).isEmpty();
    }
  }

  private static List<String> shown(ConsolePage console) {
    return console.page().locator(".event").all().stream()
        .map(event -> event.getAttribute("data-key").replaceFirst(".*-", ""))
        .toList();
  }
}
