package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.config.Config.Role;
import dev.pgmedic.config.Config.Token;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that are made and revoked over HTTP. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokensTest {

  private final Service service = Service.of(Target.of("shop", TestDatabases.fresh()));

  @AfterAll
  void close() {
    service.close();
  }

  private static JsonObject token(String name, String role) {
    return new JsonObject().put("name", name).put("role", role);
  }

  private Reply create(JsonObject body) {
    return service.send(Call.post("/api/tokens", body).as(Service.ADMIN));
  }

  private Reply revoke(String id) {
    return service.send(Call.delete("/api/tokens/" + id).as(Service.ADMIN));
  }

  private static Token of(Reply created) {
    return new Token("any", Role.VIEWER, created.json().getString("secret"));
  }

  @Test
  void aTokenMayWhatItsRoleMayUntilItIsRevoked() {
    // Given
    Reply created = create(token("reader", "approver").put("kind", "agent"));
    Call check = Call.post("/api/targets/nowhere/check", "").as(of(created));

    // When
    Reply before = service.send(check);
    Reply beyond = service.send(Call.get("/api/tokens").as(of(created)));
    Reply revoked = revoke(created.json().getString("id"));
    Reply after = service.send(check);
    Reply twice = revoke(created.json().getString("id"));

    // Then
    assertThat(created.status()).as(created.body()).isEqualTo(201);
    assertThat(created.json().getMap())
        .containsEntry("name", "reader")
        .containsEntry("role", "approver")
        .containsEntry("kind", "agent")
        .containsEntry("created_by", "root");
    before.problem(404);
    beyond.problem(403);
    assertThat(revoked.json().getString("revoked_by")).isEqualTo("root");
    after.problem(401);
    assertThat(twice.problem(409)).isEqualTo("revoked");
  }

  @Test
  void aBodyArrivesAlsoWhereTheStoreIsAskedForTheToken() {
    // Given
    Token admin = of(create(token("second-admin", "admin")));
    String name = "x".repeat(64);

    // When
    Reply made = service.send(Call.post("/api/tokens", token(name, "viewer")).as(admin));

    // Then
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    assertThat(made.json().getString("created_by")).isEqualTo("second-admin");
  }

  @Test
  void theSecretIsToldOnceAndTheAuditTellsWhatWasGiven() {
    // Given
    Reply created = create(token("once", "viewer").put("lifetime", "8h"));
    String secret = created.json().getString("secret");

    // When
    Reply listed = service.send(Call.get("/api/tokens?limit=500").as(Service.ADMIN));
    Reply audit = service.send(Call.get("/api/audit?limit=500").as(Service.ADMIN));

    // Then
    assertThat(listed.body()).contains("once").doesNotContain(secret).doesNotContain("hash");
    assertThat(audit.body()).doesNotContain(secret);
    assertThat(audit.json().getJsonArray("items").stream().map(JsonObject.class::cast))
        .filteredOn(entry -> entry.getString("subject").equals("once"))
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.getString("action")).isEqualTo("create_token");
          assertThat(entry.getString("comment")).isEqualTo("viewer, person, for 8h");
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"root", "jarvis", "watcher", "policy", "taken"})
  void aNameIsGivenOnce(String name) {
    // Given
    Reply first = create(token("taken", "viewer"));

    // When
    Reply second = create(token(name, "viewer"));

    // Then
    assertThat(first.status()).isIn(201, 409);
    assertThat(second.problem(409)).isEqualTo("name-taken");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "soon", "4000d", "999999999d"})
  void aLifetimeThatIsNoneIsToldWithWhatWasExpected(String lifetime) {
    // When
    Reply reply = create(token("mistaken", "viewer").put("lifetime", lifetime));

    // Then
    reply.problem(400);
    assertThat(reply.json().getString("detail")).startsWith("lifetime: expected a time such as");
  }

  @ParameterizedTest
  @CsvSource({
    "role, king",
    "kind, robot",
    "name, a b",
    "name, ''",
    "lifetime, 999999999999999999d"
  })
  void whatTheContractDoesNotKnowIsRefused(String field, String value) {
    // When
    Reply reply = create(token("mistaken", "viewer").put(field, value));

    // Then
    reply.problem(400);
  }

  @Test
  void whatIsNoTokenIsNotFound() {
    // When
    List<Reply> replies = List.of(revoke(UUID.randomUUID().toString()), revoke("5"));

    // Then
    replies.forEach(reply -> reply.problem(404));
  }
}
