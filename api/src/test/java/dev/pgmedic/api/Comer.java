package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.api.Need.Level;
import dev.pgmedic.api.Need.Reach;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Who may come, with which secret. */
enum Comer {
  NOBODY,
  STRANGER,
  FORGED,
  EXPIRED_OF_THE_CONFIGURATION,
  EXPIRED_OF_THE_STORE,
  REVOKED,
  SESSION_OF_NOBODY,
  SESSION_THAT_ENDED,
  SESSION_OF_A_REVOKED_TOKEN,
  SESSION_OF_A_VIEWER,
  SESSION_OF_AN_APPROVER_OF_THE_STORE,
  SESSION_OF_AN_ADMIN,
  SESSION_OF_AN_ADMIN_OF_ANOTHER_TARGET,
  VIEWER,
  VIEWER_OF_THE_STORE,
  APPROVER,
  APPROVER_OF_THE_STORE,
  ADMIN,
  ADMIN_OF_THE_STORE,
  ADMIN_OF_ANOTHER_TARGET,
  ADMIN_OF_ANOTHER_TARGET_OF_THE_STORE,
  ADMIN_OF_A_LABEL_THAT_NO_TARGET_HAS,
  ADMIN_OF_THE_TARGET,
  ADMIN_OF_THE_TARGET_OF_THE_STORE;

  /** What they get who may do what they ask for. */
  static final String PASSED = "passed";

  Optional<String> secret(Service service) {
    return switch (this) {
      case NOBODY -> Optional.empty();
      case STRANGER -> Optional.of("no-token-of-the-test");
      case FORGED -> Optional.of("pgm_" + "0".repeat(64));
      case EXPIRED_OF_THE_CONFIGURATION -> Optional.of("expired-token-of-the-test");
      case EXPIRED_OF_THE_STORE -> expired(service);
      case REVOKED -> revoked(service);
      case SESSION_OF_NOBODY -> Optional.of("pgs_" + "0".repeat(64));
      case SESSION_THAT_ENDED -> ended(service, Service.ADMIN.secret());
      case SESSION_OF_A_REVOKED_TOKEN -> ofRevoked(service);
      case SESSION_OF_A_VIEWER -> session(service, Service.VIEWER.secret());
      case SESSION_OF_AN_APPROVER_OF_THE_STORE ->
          role(service, "approver").flatMap(token -> session(service, token));
      case SESSION_OF_AN_ADMIN -> session(service, Service.ADMIN.secret());
      case SESSION_OF_AN_ADMIN_OF_ANOTHER_TARGET ->
          session(service, "till-admin-token-of-the-test");
      case VIEWER -> Optional.of(Service.VIEWER.secret());
      case VIEWER_OF_THE_STORE -> role(service, "viewer");
      case APPROVER -> Optional.of(Service.APPROVER.secret());
      case APPROVER_OF_THE_STORE -> role(service, "approver");
      case ADMIN -> Optional.of(Service.ADMIN.secret());
      case ADMIN_OF_THE_STORE -> role(service, "admin");
      case ADMIN_OF_ANOTHER_TARGET -> Optional.of("till-admin-token-of-the-test");
      case ADMIN_OF_ANOTHER_TARGET_OF_THE_STORE ->
          limited(service, "targets", JsonArray.of("till"));
      case ADMIN_OF_A_LABEL_THAT_NO_TARGET_HAS ->
          limited(service, "labels", new JsonObject().put("env", "prod"));
      case ADMIN_OF_THE_TARGET -> Optional.of("shop-admin-token-of-the-test");
      case ADMIN_OF_THE_TARGET_OF_THE_STORE ->
          limited(service, "labels", new JsonObject().put("env", "test"));
    };
  }

  private static JsonObject made(Service service, JsonObject token) {
    token.put("name", "token-" + UUID.randomUUID());
    Reply made = service.send(Call.post("/api/tokens", token).as(Service.ADMIN));
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return made.json();
  }

  private static Optional<String> role(Service service, String role) {
    return Optional.of(made(service, new JsonObject().put("role", role)).getString("secret"));
  }

  private static Optional<String> limited(Service service, String limit, Object to) {
    JsonObject token = new JsonObject().put("role", "admin").put(limit, to);
    return Optional.of(made(service, token).getString("secret"));
  }

  private static Optional<String> expired(Service service) {
    JsonObject made = made(service, new JsonObject().put("role", "admin"));
    TestDatabases.run(
        service.storeUrl(),
        "UPDATE pgmedic.token SET expires_at = now() WHERE id = '" + made.getString("id") + "'");
    return Optional.of(made.getString("secret"));
  }

  private static Optional<String> revoked(Service service) {
    JsonObject made = made(service, new JsonObject().put("role", "admin"));
    revoke(service, made);
    return Optional.of(made.getString("secret"));
  }

  private static void revoke(Service service, JsonObject made) {
    Call revoke = Call.delete("/api/tokens/" + made.getString("id")).as(Service.ADMIN);
    assertThat(service.send(revoke).status()).isEqualTo(200);
  }

  private static Optional<String> ofRevoked(Service service) {
    JsonObject made = made(service, new JsonObject().put("role", "admin"));
    Optional<String> session = session(service, made.getString("secret"));
    revoke(service, made);
    return session;
  }

  private static Optional<String> ended(Service service, String token) {
    Optional<String> session = session(service, token);
    TestDatabases.run(
        service.storeUrl(),
        "UPDATE pgmedic.browser_session SET used_at = now() - interval '12 hours'");
    return session;
  }

  private static Optional<String> session(Service service, String token) {
    Call signIn = new Call("POST", "/api/session", Map.of("Authorization", "Bearer " + token), "");
    Reply reply = service.send(signIn);
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    return Optional.of(reply.headers().get("Set-Cookie").replaceAll("^[^=]*=|;.*", ""));
  }

  /** As a request brings it: a browser says with a cookie from where it comes. */
  Map<String, String> headers(Service service) {
    return secret(service)
        .map(secret ->
            name().startsWith("SESSION")
                ? Map.of(
                    "Cookie", SessionCookie.NAME + "=" + secret,
                    "Origin", "http://127.0.0.1:" + service.port())
                : Map.of("Authorization", "Bearer " + secret))
        .orElse(Map.of());
  }

  /** What they get, from what the contract says that the operation needs. */
  String expected(Need need) {
    return switch (this) {
      case NOBODY -> need.level().compareTo(Level.TOKEN) < 0 ? PASSED : "401";
      case SESSION_OF_NOBODY, SESSION_THAT_ENDED, SESSION_OF_A_REVOKED_TOKEN ->
          need.level() == Level.PUBLIC ? PASSED : "401";
      case SESSION_OF_A_VIEWER -> need.level() == Level.TOKEN ? "401" : VIEWER.expected(need);
      case SESSION_OF_AN_APPROVER_OF_THE_STORE ->
          need.level() == Level.TOKEN ? "401" : APPROVER.expected(need);
      case SESSION_OF_AN_ADMIN -> need.level() == Level.TOKEN ? "401" : PASSED;
      case SESSION_OF_AN_ADMIN_OF_ANOTHER_TARGET ->
          need.level() == Level.TOKEN ? "401" : ADMIN_OF_ANOTHER_TARGET.expected(need);
      case STRANGER, FORGED, EXPIRED_OF_THE_CONFIGURATION, EXPIRED_OF_THE_STORE, REVOKED -> "401";
      case VIEWER, VIEWER_OF_THE_STORE ->
          need.level().compareTo(Level.APPROVER) < 0 ? PASSED : "403";
      case APPROVER, APPROVER_OF_THE_STORE -> need.level() == Level.ADMIN ? "403" : PASSED;
      case ADMIN, ADMIN_OF_THE_STORE -> PASSED;
      case ADMIN_OF_ANOTHER_TARGET, ADMIN_OF_ANOTHER_TARGET_OF_THE_STORE ->
          Set.of(Reach.NONE, Reach.OWN).contains(need.reach()) ? PASSED : "403";
      case ADMIN_OF_A_LABEL_THAT_NO_TARGET_HAS -> need.reach() == Reach.NONE ? PASSED : "403";
      case ADMIN_OF_THE_TARGET, ADMIN_OF_THE_TARGET_OF_THE_STORE ->
          need.reach() == Reach.ALL ? "403" : PASSED;
    };
  }
}
