package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.access.Scope;
import dev.pgmedic.access.TokenKind;
import dev.pgmedic.config.Config.Role;
import dev.pgmedic.config.Config.Source;
import dev.pgmedic.config.Config.Token;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.store.Issues;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A token that is for some targets alone sees and does nothing elsewhere. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScopedTokenTest {

  private static final Token CASHIER =
      new Token(
          "cashier",
          Role.ADMIN,
          "cashier-token-of-the-test",
          Source.CONFIG,
          TokenKind.PERSON,
          new Scope(Set.of("till"), Map.of()),
          Optional.empty());

  private final Target shop = Target.of("shop", TestDatabases.fresh());
  private final Target till = Target.of("till", TestDatabases.fresh());
  private final Service service = new Service(Service.Setup.of(shop, till).withTokens(CASHIER));

  @BeforeAll
  void find() {
    find(shop, "public.orders");
    find(till, "public.receipts");
  }

  @AfterAll
  void close() {
    service.close();
  }

  private void find(Target target, String subject) {
    var found = BrokenShop.found(target, IssueCode.DATA_LOST, subject, subject + " is empty");
    new Issues(service.store()).record(target, found).await();
  }

  private Reply ask(String path) {
    return service.send(Call.get(path).with("Accept", "application/json").as(CASHIER));
  }

  private static List<JsonObject> items(Reply reply) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json().getJsonArray("items").stream().map(JsonObject.class::cast).toList();
  }

  private String issue(String target) {
    Call list = Call.get("/api/issues?target=" + target).as(Service.ADMIN);
    return items(service.send(list)).get(0).getString("id");
  }

  @Test
  void listsShowWhatIsTheirs() {
    // When
    List<JsonObject> issues = items(ask("/api/issues"));
    List<JsonObject> targets = items(ask("/api/targets"));
    List<JsonObject> events = items(ask("/api/events?limit=500"));
    JsonObject health = ask("/api/health/database").json();

    // Then
    assertThat(issues).allMatch(issue -> issue.getString("target").equals("till")).isNotEmpty();
    assertThat(targets).hasSize(1).allMatch(target -> target.getString("name").equals("till"));
    assertThat(events).hasSizeGreaterThan(1).allMatch(event -> event.encode().contains("till"));
    assertThat(events).noneMatch(event -> event.encode().contains("shop"));
    assertThat(health.getString("target")).isEqualTo("till");
  }

  @Test
  void aStreamCarriesWhatIsTheirs() throws InterruptedException {
    // Given
    Call call = Call.get("/api/events").as(CASHIER);
    try (Frames frames = Frames.open(service, call)) {
      frames.next();

      // When
      find(shop, "public.baskets");
      find(till, "public.coupons");

      // Then
      for (int events = 0; events < 2; events++) {
        assertThat(frames.nextEvent().data().encode()).contains("till").doesNotContain("shop");
      }
    }
  }

  static List<String> lists() {
    JsonObject paths = Contract.forRouter().getJsonObject("paths");
    List<String> lists =
        paths.fieldNames().stream()
            .filter(path ->
                paths
                    .getJsonObject(path)
                    .getJsonObject("get", new JsonObject())
                    .encode()
                    .contains("\"name\":\"target\""))
            .toList();
    assertThat(lists).hasSizeGreaterThan(4);
    return lists;
  }

  @ParameterizedTest
  @MethodSource("lists")
  void whatIsAskedForByNameIsRefusedUnlessItIsTheirs(String path) {
    // When
    Reply other = ask(path + "?target=shop");
    Reply both = ask(path + "?target=till,shop");
    Reply twice = ask(path + "?target=till&target=shop");
    Reply nowhere = ask(path + "?target=nowhere");
    Reply own = ask(path + "?target=till");

    // Then
    List.of(other, both, twice, nowhere).forEach(reply -> reply.problem(403));
    assertThat(other.json().getString("detail")).isEqualTo("this token is not for target shop");
    assertThat(own.status()).as(own.body()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/issues/",
        "/api/targets/shop",
        "/api/targets/%73hop",
        "/api/targets/shop/baselines",
        "/api/targets/shop/locks",
        "/api/targets/nowhere",
      })
  void whatBelongsToAnotherTargetIsRefused(String path) {
    // When
    Reply reply = ask(path.equals("/api/issues/") ? path + issue("shop") : path);

    // Then
    reply.problem(403);
  }

  @Test
  void whatIsTheirsTheyMayChangeAndTheAuditOfItTheyMayRead() {
    // Given
    JsonObject reason = new JsonObject().put("reason", "restored by hand");
    Call own = Call.post("/api/issues/" + issue("till") + "/resolve", reason);
    Call other = Call.post("/api/issues/" + issue("shop") + "/resolve", reason);

    // When
    Reply refused = service.send(other.as(CASHIER));
    Reply first = service.send(own.as(CASHIER));
    Reply second = service.send(other.as(Service.ADMIN));

    // Then
    refused.problem(403);
    assertThat(List.of(first.status(), second.status())).containsOnly(200);
    assertThat(items(ask("/api/audit")))
        .singleElement()
        .satisfies(entry -> assertThat(entry.getString("actor")).isEqualTo("cashier"));
    assertThat(service.audited()).hasSize(2);
  }
}
