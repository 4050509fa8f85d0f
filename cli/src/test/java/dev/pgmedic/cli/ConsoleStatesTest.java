package dev.pgmedic.cli;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import dev.pgmedic.cli.Chromium.Screen;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The views in the states that are seldom: a recovery that waits for a lock, a crowd behind one, a
 * database that lets nobody in, a fleet of thirty. Of some that take long the answer of the API is
 * changed on its way to the page.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleStatesTest {

  private static final Duration SOON = Duration.ofSeconds(60);

  /** A key that a migration tool is known by. */
  private static final String PRISMA = "SELECT pg_advisory_lock(72707369)";

  private final List<Connection> sessions = new ArrayList<>();
  private Chromium chromium;
  private Clinic clinic;
  private JsonObject running = new JsonObject();
  private JsonObject waiting = new JsonObject();

  @BeforeAll
  void start(@TempDir Path folder) throws IOException, SQLException {
    chromium = Chromium.start();
    clinic = new Clinic(folder);
    crowd();
    clinic.run(
        "lab",
        "ALTER DATABASE \"" + clinic.database("farm").database() + "\" ALLOW_CONNECTIONS false");
    clinic.run("lab", "DROP TABLE \"" + Clinic.HOSTILE + "\"");
    waiting = task("lab", "awaiting_approval");
    clinic.run("shop", "DROP TABLE orders");
    JsonObject proposed = task("shop", "awaiting_approval");
    // The key of the table that comes back takes a lock on the other one.
    session("shop", "migrator", "BEGIN", "LOCK TABLE users");
    assertThat(clinic.api().approve(proposed, true).statusCode()).isEqualTo(200);
    running = task("shop", "running");
  }

  // One migration holds the tool's lock, four wait; a report keeps a fifth waiting, and with it
  // two.
  private void crowd() throws SQLException {
    session("bank", "prisma-deploy-1", PRISMA);
    for (int i = 2; i < 6; i++) {
      waits(session("bank", "prisma-deploy-" + i), PRISMA);
    }
    session("bank", "nightly-report", "BEGIN", "SELECT count(*) FROM users");
    waits(session("bank", "alembic"), "ALTER TABLE users ADD COLUMN age int");
    waits(session("bank", "shop-web"), "SELECT * FROM users");
    waits(session("bank", "shop-api"), "SELECT id FROM users");
  }

  @CanIgnoreReturnValue
  private Connection session(String target, String name, String... statements) throws SQLException {
    Connection session = TestDatabases.connect(clinic.database(target));
    sessions.add(session);
    try (Statement statement = session.createStatement()) {
      statement.execute("SET application_name = '" + name + "'");
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
    return session;
  }

  // It ends with its connection, at the latest when the test does.
  private static void waits(Connection session, String sql) {
    Thread.ofVirtual()
        .start(() -> {
          try (Statement statement = session.createStatement()) {
            statement.execute(sql);
          } catch (SQLException ended) {
            assertThat(ended.getSQLState()).isNotNull();
          }
        });
  }

  private JsonObject task(String target, String state) {
    String path = "/api/recovery-tasks?state=" + state + "&target=" + target;
    await().atMost(SOON).until(() -> !clinic.api().get(path).getJsonArray("items").isEmpty());
    return clinic.api().get(path).getJsonArray("items").getJsonObject(0);
  }

  @AfterAll
  void close() throws SQLException {
    if (clinic != null) {
      for (Connection session : sessions) {
        session.close();
      }
      clinic.close();
      chromium.close();
    }
  }

  /**
   * A state of a view.
   *
   * @param hash where the view is
   * @param shows what is there when it is whole
   * @param answers by the path of the API that is answered otherwise: how
   * @param then what somebody does there
   */
  private record State(
      String hash,
      String shows,
      Map<String, UnaryOperator<JsonObject>> answers,
      Consumer<Page> then) {

    static State of(String hash, String shows) {
      return new State(hash, shows, Map.of(), page -> {});
    }

    State answering(String path, UnaryOperator<JsonObject> change) {
      return new State(hash, shows, Map.of(path, change), then);
    }

    State then(Consumer<Page> act) {
      return new State(hash, shows, answers, act);
    }
  }

  private Map<String, State> states() {
    String shop = "/api/recovery-tasks/" + running.getString("id");
    String lab = "/api/recovery-tasks/" + waiting.getString("id");
    String runs = "#/tasks/" + running.getString("id");
    String waits = "#/tasks/" + waiting.getString("id");
    Map<String, State> states = new LinkedHashMap<>();
    states.put("running", State.of(runs, ".progress.tone-info"));
    states.put(
        "failed",
        State.of(runs, ".progress.tone-critical").answering(shop, ConsoleStatesTest::failed));
    states.put(
        "superseded",
        State.of(waits, ".panel.tone-attention")
            .answering(
                lab,
                task ->
                    ended(
                        task, "superseded", "superseded: the state that it was made for is gone")));
    states.put(
        "half-approved",
        State.of(waits, ".approvals").answering(lab, ConsoleStatesTest::halfApproved));
    states.put("loss-unread", State.of(waits, ".accept").then(ConsoleStatesTest::approve));
    states.put("crowd", State.of("#/targets/bank", ".lock-picture .edge >> nth=4"));
    states.put(
        "crowd-in-words",
        State.of("#/targets/bank", ".lock-picture .edge >> nth=4")
            .then(page -> page.getByText("The same in words").click()));
    states.put("unreachable", State.of("#/targets/farm", "text=connection.unreachable"));
    states.put(
        "settle",
        State.of("#/targets/lab", ".issue").then(page -> page.getByText("Settle").first().click()));
    states.put(
        "fleet-empty",
        State.of("#/", "text=Nothing is watched")
            .answering("/api/targets", fleet -> fleet.put("items", new JsonArray())));
    states.put(
        "fleet-30", State.of("#/", ".card >> nth=29").answering("/api/targets", this::thirty));
    states.put("no-such-task", State.of("#/tasks/1-1-1-1-1", ".trouble"));
    return states;
  }

  private static JsonObject ended(JsonObject task, String state, String outcome) {
    return task.put("state", state).put("outcome", outcome).putNull("waits_for");
  }

  private static JsonObject failed(JsonObject task) {
    JsonObject run = task.getJsonArray("steps").getJsonObject(0);
    run.put("state", "failed")
        .put("finished_at", run.getString("started_at"))
        .put(
            "output",
            "ERROR: canceling statement due to lock timeout (55P03)\nnothing was changed");
    return ended(task, "failed", "step 1 failed: a lock was not to be had; nothing was changed");
  }

  private static JsonObject halfApproved(JsonObject task) {
    JsonObject approval =
        new JsonObject()
            .put("by", "ann")
            .put("decision", "approve")
            .put("plan_digest", task.getJsonObject("plan").getString("digest"))
            .put("comment", "Read it twice; the dashboard shows an empty page until it refills.")
            .put("accept_data_loss", true)
            .put("at", task.getString("created_at"));
    return task.put("approvals_needed", 2).put("approvals", new JsonArray().add(approval));
  }

  private static void approve(Page page) {
    page.getByText("Approve this plan").click();
    page.locator(".refusal").waitFor();
  }

  // The four there are, again and again, with what else may be said of one.
  private JsonObject thirty(JsonObject fleet) {
    JsonArray items = fleet.getJsonArray("items");
    JsonArray many = new JsonArray();
    for (int i = 0; i < 30; i++) {
      JsonObject one = items.getJsonObject(i % items.size()).copy();
      one.put("name", one.getString("name") + (i < items.size() ? "" : "-eu-west-" + i));
      one.put("observe_only", i % 7 == 0);
      JsonObject health = one.getJsonObject("health");
      if (i % 11 == 5) {
        health.put("stale", true);
      } else if (i % 11 == 6) {
        health.putNull("checked_at").put("issues", List.of()).put("issue_details", List.of());
      }
      many.add(one);
    }
    return fleet.put("items", many);
  }

  private static void answer(Route route, String body) {
    route.fulfill(new Route.FulfillOptions().setContentType("application/json").setBody(body));
  }

  private void look(ConsolePage console, String name, State state, Screen screen) {
    Page page = console.page();
    state
        .answers()
        .forEach((path, change) -> {
          String body = change.apply(clinic.api().get(path)).encode();
          page.route(address -> address.endsWith(path), route -> answer(route, body));
        });
    page.reload();
    console.go(state.hash());
    page.locator(state.shows()).first().waitFor();
    state.then().accept(page);
    String picture = "state-" + name + "-" + screen.name().toLowerCase(Locale.ROOT);
    console.picture(picture);

    assertThat(console.violations()).as(name).isEmpty();
    assertThat(console.overflow()).as(name).isZero();
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(screen.others()));
    console.picture(picture + "-" + screen.others().name().toLowerCase(Locale.ROOT));
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(screen.colours()));
    page.unrouteAll();
  }

  @ParameterizedTest
  @EnumSource(Screen.class)
  void everybodyCanUseEveryViewInEveryState(Screen screen) {
    try (ConsolePage console = chromium.open(clinic.base(), Clinic.ADMIN, screen)) {
      // When and then
      states().forEach((name, state) -> look(console, name, state, screen));
      assertThat(console.complaints()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Screen.class)
  void aStoreThatDoesNotAnswerIsSaid(Screen screen) {
    try (ConsolePage console = chromium.open(clinic.base(), Clinic.VIEWER, screen)) {
      // Given
      assertThat(console.page().locator(".card").first()).isVisible();
      JsonObject away =
          new JsonObject()
              .put("type", "urn:pgmedic:problem:unavailable")
              .put("title", "unavailable")
              .put("status", 503)
              .put("detail", "the store does not answer; nothing was done, try again");

      // When
      console
          .page()
          .route(
              address -> address.contains("/api/") && !address.contains("/api/events"),
              route ->
                  route.fulfill(
                      new Route.FulfillOptions()
                          .setStatus(503)
                          .setContentType("application/problem+json")
                          .setBody(away.encode())));

      // Then
      assertThat(console.page().locator(".banner")).containsText("the store does not answer");
      assertThat(console.page().locator(".card").first()).isVisible();
      console.picture("state-store-down-" + screen.name().toLowerCase(Locale.ROOT));
      assertThat(console.violations()).isEmpty();
      console.page().unrouteAll();
      assertThat(console.page().locator(".banner")).isEmpty();
    }
  }
}
