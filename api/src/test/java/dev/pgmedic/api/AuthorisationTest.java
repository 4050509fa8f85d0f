package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.access.Scope;
import dev.pgmedic.access.TokenKind;
import dev.pgmedic.api.Need.Level;
import dev.pgmedic.config.Config.Role;
import dev.pgmedic.config.Config.Source;
import dev.pgmedic.config.Config.Token;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every operation of the contract, whatever it is, against everybody who may come: what they get
 * follows from what the contract says that it needs, and nothing else.
 */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthorisationTest {

  private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");
  private static final Scope TILL = new Scope(Set.of("till"), Map.of());
  private static final Scope SHOP = new Scope(Set.of("shop"), Map.of("env", "test"));

  private static final Map<String, String> FORWARDED =
      Map.of(
          "Forwarded", "for=127.0.0.1;host=evil.example",
          "X-Forwarded-For", "127.0.0.1",
          "X-Forwarded-Host", "evil.example",
          "X-Forwarded-Proto", "https");

  private final BrokenShop shop = BrokenShop.healable();
  private Map<String, String> ids = Map.of();
  private String digest = "";
  private Service service = new Service(setup());

  private Service.Setup setup() {
    return Service.Setup.of(shop.target(), Target.of("till", TestDatabases.fresh()))
        .withTokens(
            configured("expired", Scope.ALL, Optional.of(LONG_AGO)),
            configured("till-admin", TILL, Optional.empty()),
            configured("shop-admin", SHOP, Optional.empty()));
  }

  private static Token configured(String name, Scope scope, Optional<Instant> expires) {
    String secret = name + "-token-of-the-test";
    return new Token(name, Role.ADMIN, secret, Source.CONFIG, TokenKind.SERVICE, scope, expires);
  }

  @BeforeAll
  void propose() {
    RecoveryTask task = shop.propose(service);
    digest = task.plan().digest();
    ids = Map.of("task", task.id().toString(), "issue", task.issues().get(0).toString());
  }

  // A node counts the failed logins of an address: each caller comes to one that counted none.
  private void startAnew() {
    service.close();
    service = new Service(setup().withStore(service.storeUrl()));
  }

  @AfterAll
  void close() {
    service.close();
  }

  private Call call(Needed operation, boolean mayPass) {
    String id =
        operation.isAbout("recovery-tasks")
            ? ids.get("task")
            : operation.isAbout("issues") ? ids.get("issue") : UUID.randomUUID().toString();
    Call call = operation.call(Map.of("name", "shop", "id", id));
    String query =
        operation.id().equals("emptyQuarantine") ? "?target=shop&schema=pgmedic_q_nothing" : "";
    return new Call(call.method(), call.path() + query, call.headers(), "")
        .saying(mayPass ? Optional.empty() : body(operation));
  }

  // Whoever is to be refused asks as it should be; whoever may pass says nothing, and does nothing.
  private Optional<JsonObject> body(Needed operation) {
    return switch (operation.id()) {
      case "approveRecoveryTask" ->
          Optional.of(new JsonObject().put("plan_digest", digest).put("accept_data_loss", true));
      case "rejectRecoveryTask", "cancelRecoveryTask" -> Optional.of(new JsonObject());
      case "resolveIssue", "acceptIssue" -> Optional.of(new JsonObject().put("reason", "why"));
      case "silenceIssue" ->
          Optional.of(new JsonObject().put("reason", "why").put("until", "2999-01-01T00:00:00Z"));
      default -> Optional.empty();
    };
  }

  // All at once, and then, as the last that they do, whoever is signed in signs out.
  private Map<String, Reply> ask(Map<String, String> headers, Map<String, String> expected) {
    Map<String, Reply> replies = new LinkedHashMap<>();
    Needed.operations().stream()
        .collect(Collectors.partitioningBy(operation -> operation.id().equals("endSession")))
        .forEach((last, operations) -> replies.putAll(ask(operations, headers, expected)));
    return replies;
  }

  private Map<String, Reply> ask(
      List<Needed> operations, Map<String, String> headers, Map<String, String> expected) {
    Map<String, Future<Reply>> asked = new LinkedHashMap<>();
    for (Needed operation : operations) {
      Call call = call(operation, Comer.PASSED.equals(expected.get(operation.id())));
      for (Map.Entry<String, String> header : headers.entrySet()) {
        call = call.with(header.getKey(), header.getValue());
      }
      asked.put(operation.id(), service.sending(call));
    }
    Map<String, Reply> replies = new LinkedHashMap<>();
    asked.forEach((operation, reply) -> replies.put(operation, reply.await()));
    return replies;
  }

  private static Map<String, String> with(Map<String, String> headers, Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putAll(more);
    return all;
  }

  private static String outcome(Reply reply) {
    if (!Set.of(401, 403).contains(reply.status())) {
      return Comer.PASSED;
    }
    reply.problem(reply.status());
    return String.valueOf(reply.status());
  }

  private static Map<String, String> outcomes(Map<String, Reply> replies) {
    Map<String, String> outcomes = new LinkedHashMap<>();
    replies.forEach((operation, reply) -> outcomes.put(operation, outcome(reply)));
    return outcomes;
  }

  private static Map<String, String> expected(Comer caller) {
    Map<String, String> expected = new LinkedHashMap<>();
    Needed.operations()
        .forEach(operation -> expected.put(operation.id(), caller.expected(operation.need())));
    return expected;
  }

  private String state() {
    Call task = Call.get("/api/recovery-tasks/" + ids.get("task")).as(Service.ADMIN);
    return service.send(task).json().getString("state");
  }

  @ParameterizedTest
  @EnumSource(Comer.class)
  void everybodyGetsWhatTheContractSays(Comer caller) {
    // Given
    startAnew();
    Map<String, String> headers = caller.headers(service);

    // When
    Map<String, Reply> replies = ask(headers, expected(caller));

    // Then
    assertThat(outcomes(replies)).isEqualTo(expected(caller));
    assertThat(state()).isEqualTo("awaiting_approval");
  }

  @ParameterizedTest
  @EnumSource(
      value = Comer.class,
      names = {
        "ADMIN_OF_ANOTHER_TARGET",
        "ADMIN_OF_ANOTHER_TARGET_OF_THE_STORE",
        "SESSION_OF_AN_ADMIN_OF_ANOTHER_TARGET",
      })
  void nothingOfAnotherTargetIsTold(Comer caller) {
    // Given
    startAnew();
    Map<String, String> headers = caller.headers(service);

    // When
    Map<String, Reply> replies = ask(headers, expected(caller));

    // Then
    replies.forEach((operation, reply) ->
        assertThat(reply.body())
            .as(operation)
            .doesNotContain("\"shop\"", "orders", ids.get("task"), ids.get("issue")));
  }

  @ParameterizedTest
  @CsvSource({
    "Host, evil.example",
    "Host, 127.0.0.1.evil.example",
    "Origin, https://evil.example",
    "Origin, null",
  })
  void nobodyComesFromAnotherPlace(String header, String value) {
    // Given
    startAnew();
    Map<String, String> admin = Comer.ADMIN.headers(service);

    // When
    Map<String, Reply> replies = ask(with(admin, Map.of(header, value)), Map.of());

    // Then
    assertThat(outcomes(replies).values()).containsOnly("403");
    assertThat(state()).isEqualTo("awaiting_approval");
  }

  @ParameterizedTest
  @EnumSource(
      value = Comer.class,
      names = {"NOBODY", "FORGED", "VIEWER", "ADMIN_OF_THE_STORE", "ADMIN_OF_ANOTHER_TARGET"})
  void whatAProxySaysGivesNobodyMore(Comer caller) {
    // Given
    startAnew();
    Map<String, String> headers = with(caller.headers(service), FORWARDED);
    Map<String, String> expected = expected(caller);
    if (caller == Comer.NOBODY) {
      Needed.operations().stream()
          .filter(operation -> operation.need().level() != Level.PUBLIC)
          .forEach(operation -> expected.put(operation.id(), "401"));
    }

    // When
    Map<String, Reply> replies = ask(headers, expected);

    // Then
    assertThat(outcomes(replies)).isEqualTo(expected);
    assertThat(state()).isEqualTo("awaiting_approval");
  }
}
