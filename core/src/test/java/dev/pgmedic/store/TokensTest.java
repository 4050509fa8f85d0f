package dev.pgmedic.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.access.Scope;
import dev.pgmedic.access.TokenKind;
import dev.pgmedic.config.Config.Role;
import dev.pgmedic.digest.Sha256;
import dev.pgmedic.store.Tokens.Made;
import dev.pgmedic.store.Tokens.NewToken;
import dev.pgmedic.store.Tokens.Stored;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tokens that are made while pgmedic runs. */
@Timeout(60)
class TokensTest {

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();
  private final Store store = Store.open(vertx, url).await();
  private final Tokens tokens = new Tokens(store);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private static NewToken token(String name) {
    return new NewToken(name, Role.APPROVER, TokenKind.AGENT, Scope.ALL, Optional.empty());
  }

  private Made made(String name) {
    return tokens.create(token(name), "root").await().orElseThrow();
  }

  private Optional<Stored> good(Made token) {
    return tokens.good(Sha256.hex(token.secret())).await();
  }

  @Test
  void aTokenIsKnownByItsHashAlone() {
    // When
    Made jarvis = made("jarvis");

    // Then
    assertThat(Tokens.isOurs(jarvis.secret())).isTrue();
    assertThat(jarvis.toString()).doesNotContain(jarvis.secret());
    assertThat(good(jarvis)).contains(jarvis.token());
    assertThat(jarvis.token().mayBe()).isEqualTo(Role.APPROVER);
    assertThat(jarvis.token().kind()).isEqualTo("agent");
    assertThat(TestDatabases.query(url, "SELECT t::text FROM pgmedic.token t"))
        .noneMatch(row -> row.contains(jarvis.secret().substring(Tokens.PREFIX.length())));
  }

  @Test
  void itIsKeptForWhichTargetsItIs() {
    // Given
    Scope scope = new Scope(Set.of("shop", "till"), Map.of("env", "prod", "odd \"key\"", ""));
    NewToken limited = new NewToken("ci", Role.VIEWER, TokenKind.SERVICE, scope, Optional.empty());

    // When
    Made ci = tokens.create(limited, "root").await().orElseThrow();

    // Then
    assertThat(good(ci).orElseThrow().scope()).isEqualTo(scope);
    assertThat(good(ci).orElseThrow().targets()).containsExactly("shop", "till");
    assertThat(made("jarvis").token().scope()).isEqualTo(Scope.ALL);
  }

  @Test
  void itIsGoodNoMoreOnceItIsRevoked() {
    // Given
    Made jarvis = made("jarvis");

    // When
    Optional<Stored> revoked = tokens.revoke(jarvis.token().id(), "root").await();
    Optional<Stored> again = tokens.revoke(jarvis.token().id(), "mallory").await();

    // Then
    assertThat(revoked.orElseThrow().revokedBy()).contains("root");
    assertThat(again).isEmpty();
    assertThat(good(jarvis)).isEmpty();
    assertThat(tokens.find(jarvis.token().id()).await()).isEqualTo(revoked);
    assertThat(good(made("jarvis"))).isPresent();
  }

  @Test
  void itEndsByTheStoresClock() {
    // Given
    NewToken brief =
        new NewToken(
            "ci", Role.VIEWER, TokenKind.SERVICE, Scope.ALL, Optional.of(Duration.ofHours(8)));
    Made ci = tokens.create(brief, "root").await().orElseThrow();
    Optional<Stored> before = good(ci);

    // When
    TestDatabases.run(
        url,
        "UPDATE pgmedic.token SET created_at = created_at - interval '8 hours',"
            + " expires_at = expires_at - interval '8 hours'");

    // Then
    assertThat(before.orElseThrow().expiresAt())
        .contains(ci.token().createdAt().plus(Duration.ofHours(8)));
    assertThat(good(ci)).isEmpty();
  }

  @Test
  void oneOfManyMakersGetsTheName() {
    // When
    List<Future<Optional<Made>>> makers =
        Stream.generate(() -> tokens.create(token("jarvis"), "root")).limit(20).toList();

    // Then
    assertThat(Future.all(makers).await().<Optional<Made>>list())
        .filteredOn(Optional::isPresent)
        .hasSize(1);
  }

  @Test
  void theyArePagedByAge() {
    // Given
    List<UUID> ids = Stream.of("a", "b", "c").map(name -> made(name).token().id()).toList();

    // When
    Page<Stored> first = tokens.list(Optional.empty(), 2).await();
    Page<Stored> rest = tokens.list(first.nextAfter().map(UUID::fromString), 2).await();

    // Then
    assertThat(Stream.concat(first.items().stream(), rest.items().stream()).map(Stored::id))
        .containsExactlyElementsOf(ids);
    assertThat(rest.nextAfter()).isEmpty();
  }
}
