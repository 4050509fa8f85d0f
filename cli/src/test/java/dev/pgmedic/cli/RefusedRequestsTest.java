package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.api.ApiOptions;
import dev.pgmedic.config.Config.Auth;
import dev.pgmedic.config.Config.Http;
import dev.pgmedic.config.Config.Role;
import dev.pgmedic.config.Config.Token;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Recovery;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API refuses, and that nothing is approved by accident. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusedRequestsTest {

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl database = TestDatabases.fresh();
  private Node node;
  private JsonObject task;

  @BeforeAll
  void breakADatabase() {
    TestDatabases.run(database, "CREATE TABLE orders (id int)");
    List<Token> tokens =
        List.of(
            new Token("watcher", Role.VIEWER, "viewer-token-of-the-test"),
            new Token("jarvis", Role.APPROVER, "approver-token-of-the-test"),
            new Token("root", Role.ADMIN, "admin-token-of-the-test"));
    PostgresUrl store = TestDatabases.fresh();
    node =
        Node.start(
                vertx,
                store,
                new Node.Parts(
                    Set.of(Node.Role.API, Node.Role.MONITOR),
                    Map.of("shop", target(true), "shown", target(false)),
                    new ApiOptions(
                        new Http("127.0.0.1", 0, Set.of("pgmedic.example")),
                        new Auth(Optional.empty(), tokens)),
                    Node.Patience.DEFAULT))
            .await();
    Api api = api("admin");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> TestDatabases.query(store, "SELECT 1 FROM pgmedic.baseline").size() == 2);
    TestDatabases.run(database, "DROP TABLE orders");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> waiting(api, "shop").isPresent() && waiting(api, "shown").isPresent());
    task = waiting(api, "shop").orElseThrow();
  }

  private Target target(boolean healable) {
    Target plain = Target.of(healable ? "shop" : "shown", database);
    return new Target(
        plain.name(),
        plain.url(),
        plain.labels(),
        plain.migrations(),
        plain.expect(),
        healable ? Optional.of(new Recovery(database, List.of())) : Optional.empty(),
        Duration.ofMillis(300),
        plain.deadlines());
  }

  private static Optional<JsonObject> waiting(Api api, String target) {
    return api
        .get("/api/recovery-tasks?state=awaiting_approval&target=" + target)
        .getJsonArray("items")
        .stream()
        .map(JsonObject.class::cast)
        .findFirst();
  }

  @AfterAll
  void close() {
    node.stop().await();
    vertx.close().await();
  }

  private Api api(String role) {
    return new Api("http://127.0.0.1:" + node.port(), role + "-token-of-the-test");
  }

  private String approvalOf(String id) {
    return "/api/recovery-tasks/" + id + "/approve";
  }

  private String body(String digest, boolean loss) {
    return new JsonObject().put("plan_digest", digest).put("accept_data_loss", loss).encode();
  }

  private String digest() {
    return task.getJsonObject("plan").getString("digest");
  }

  private static void assertProblem(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(new JsonObject(response.body()).fieldNames())
        .contains("type", "title", "status", "detail");
  }

  @ParameterizedTest
  @CsvSource({"nobody, 401", "viewer, 403"})
  void anApprovalNeedsAnApprover(String role, int status) {
    assertProblem(
        api(role).send("POST", approvalOf(task.getString("id")), body(digest(), true)), status);
    assertStillWaits();
  }

  @Test
  void anApprovalNamesThePlanAndAcceptsTheLoss() {
    // When
    HttpResponse<String> other =
        api("approver").send("POST", approvalOf(task.getString("id")), body("sha256:0", true));
    HttpResponse<String> loss =
        api("approver").send("POST", approvalOf(task.getString("id")), body(digest(), false));

    // Then
    assertProblem(other, 409);
    assertProblem(loss, 409);
    assertThat(loss.body()).contains("data-loss-not-accepted", "public.orders");
    assertStillWaits();
  }

  @Test
  void anObserveOnlyTargetIsNeverHealed() {
    // Given
    JsonObject shown = waiting(api("admin"), "shown").orElseThrow();
    String digest = shown.getJsonObject("plan").getString("digest");

    // When
    HttpResponse<String> response =
        api("admin").send("POST", approvalOf(shown.getString("id")), body(digest, true));

    // Then
    assertProblem(response, 409);
    assertThat(response.body()).contains("observe-only");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST | /api/recovery-tasks/ID/approve | {not json | 400",
        "POST | /api/recovery-tasks/ID/approve | {\"plan_digest\": 5} | 400",
        "POST | /api/recovery-tasks/ID/approve | {} | 400",
        "GET | /api/recovery-tasks/ID?wait=soon | | 400",
        "GET | /api/recovery-tasks/RANDOM | | 404",
        "GET | /api/recovery-tasks/nonsense | | 404",
        "POST | /api/recovery-tasks/RANDOM/approve | {\"plan_digest\": \"x\"} | 404",
        "GET | /api/issues/RANDOM | | 404",
        "GET | /api/issues?code=no.such | | 400",
        "GET | /api/targets/nowhere | | 404",
        "POST | /api/targets/nowhere/check | | 404",
        "GET | /api/health/database?target=nowhere | | 404",
        "GET | /api/events?after=nonsense | | 400",
        "GET | /api/nothing | | 404",
        "DELETE | /api/issues | | 405",
      })
  void saysWhatWasExpected(String method, String path, String body, int status) {
    // When
    String whole =
        path.replace("ID", task.getString("id")).replace("RANDOM", UUID.randomUUID().toString());
    HttpResponse<String> response = api("admin").send(method, whole, body == null ? "" : body);

    // Then
    assertProblem(response, status);
    assertStillWaits();
  }

  @ParameterizedTest
  @CsvSource({
    "Host: 127.0.0.1, 200",
    "Host: pgmedic.example, 200",
    "Host: evil.example, 403",
    "Host: localhost\\r\\nOrigin: http://evil.example, 403",
    "Host: localhost\\r\\nX-Forwarded-For: 10.1.2.3, 401",
    "Host: localhost, 200",
  })
  void answersItsOwnHostAlone(String headers, int status) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      // When
      String request = "GET /api/targets HTTP/1.0\r\n" + headers.replace("\\r\\n", "\r\n");
      socket.getOutputStream().write((request + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      String first =
          new BufferedReader(
                  new java.io.InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
              .readLine();

      // Then
      assertThat(first).contains(" " + status + " ");
    }
  }

  @Test
  void aRejectedPlanComesBackOnlyWhenAPersonAsks() {
    // Given
    Api api = api("admin");
    JsonObject shown = waiting(api, "shown").orElseThrow();
    String issue = "/api/issues/" + shown.getJsonArray("issues").getString(0);
    String reject = "/api/recovery-tasks/" + shown.getString("id") + "/reject";

    // When
    int open = api.send("POST", issue + "/recovery-task", "").statusCode();
    int rejected = api.send("POST", reject, "{}").statusCode();
    int checked = api.send("POST", "/api/targets/shown/check", "").statusCode();
    boolean byItself = waiting(api, "shown").isPresent();
    int asked = api.send("POST", issue + "/recovery-task", "").statusCode();

    // Then
    assertThat(List.of(open, rejected, checked, asked)).containsExactly(200, 200, 200, 201);
    assertThat(byItself).isFalse();
    assertThat(waiting(api, "shown")).isPresent();
  }

  private void assertStillWaits() {
    JsonObject now = api("admin").get("/api/recovery-tasks/" + task.getString("id"));
    assertThat(now.getString("state")).isEqualTo("awaiting_approval");
    assertThat(now.getJsonArray("approvals")).isEmpty();
  }
}
