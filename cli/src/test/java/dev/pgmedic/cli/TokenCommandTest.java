package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that are made and revoked while the server runs. */
@Timeout(240)
class TokenCommandTest {

  private static final String ADMIN = "an-admin-of-the-tests-alone";

  @TempDir private Path folder;
  private final PostgresUrl store = TestDatabases.fresh();

  private OneShot token(ServiceProcess service, String... words) throws IOException {
    Files.createDirectories(folder.resolve(".pgmedic"));
    Files.writeString(folder.resolve(".pgmedic/admin.token"), ADMIN);
    return OneShot.run(
        folder,
        Stream.of(Stream.of("token"), Stream.of(words), Stream.of("--server", service.base()))
            .flatMap(part -> part)
            .toArray(String[]::new));
  }

  private Path config() throws IOException {
    return Files.writeString(
        folder.resolve("pgmedic.yaml"),
        """
        store: {url: "%s"}
        auth: {anonymous: none, tokens: [{name: root, role: admin, token: %s}]}
        targets: {shop: {url: "%s"}}
        """
            .formatted(store.reveal(), ADMIN, TestDatabases.fresh().reveal()));
  }

  @Test
  void aTokenIsGoodUntilItExpiresOrIsRevokedAndIsKeptAsItsHash() throws Exception {
    try (ServiceProcess service = ServiceProcess.up(config())) {
      // Given
      OneShot made =
          token(service, "create", "--name", "jarvis", "--role", "approver", "--kind", "agent");
      String secret = made.out().strip();
      Api jarvis = service.api(secret);
      OneShot brief =
          token(service, "create", "--name", "ci", "--role", "viewer", "--lifetime", "1ms");
      OneShot limited =
          token(
              service,
              "create",
              "--name",
              "shop-ci",
              "--role",
              "viewer",
              "--target",
              "shop",
              "--label",
              "env=prod",
              "--label",
              "team=web");

      // When
      int before = jarvis.send("POST", "/api/targets/shop/check", "").statusCode();
      int admins = jarvis.send("GET", "/api/tokens", "").statusCode();
      int expired = service.api(brief.out().strip()).send("GET", "/api/issues", "").statusCode();
      OneShot again = token(service, "create", "--name", "jarvis", "--role", "viewer");
      OneShot configured = token(service, "create", "--name", "root", "--role", "viewer");
      OneShot listed = token(service, "list");
      OneShot revoked = token(service, "revoke", "jarvis");
      OneShot twice = token(service, "revoke", "jarvis");
      int after = jarvis.send("GET", "/api/issues", "").statusCode();

      // Then
      assertThat(made.code()).as(made.err()).isZero();
      assertThat(secret).matches("pgm_[0-9a-f]{64}");
      assertThat(made.err()).contains("token of jarvis, approver, good until it is revoked");
      assertThat(List.of(before, admins, expired, after)).containsExactly(200, 403, 401, 401);
      assertThat(again.err()).contains("name taken: there is a token jarvis");
      assertThat(configured.err()).contains("name taken: there is a token root");
      assertThat(limited.code()).as(limited.err()).isZero();
      assertThat(listed.out())
          .contains("jarvis", "agent", "root", "shop env=prod,team=web")
          .doesNotContain("pgm_");
      assertThat(revoked.out()).contains("the token of jarvis is good no more");
      assertThat(twice.code()).isEqualTo(Pgmedic.USAGE);
      assertThat(TestDatabases.query(store, "SELECT string_agg(t::text, '') FROM pgmedic.token t"))
          .noneMatch(rows -> rows.contains(secret) || rows.contains(secret.substring(4)));
      assertThat(actions(service))
          .containsExactly("create_token", "create_token", "create_token", "check", "revoke_token");
    }
  }

  private static List<String> actions(ServiceProcess service) {
    return service.api(ADMIN).get("/api/audit").getJsonArray("items").stream()
        .map(entry -> ((JsonObject) entry).getString("action"))
        .toList();
  }
}
