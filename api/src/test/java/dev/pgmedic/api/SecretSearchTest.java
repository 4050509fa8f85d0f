package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.access.Scope;
import dev.pgmedic.access.TokenKind;
import dev.pgmedic.config.Config.Role;
import dev.pgmedic.store.Store;
import dev.pgmedic.store.Tokens;
import dev.pgmedic.store.Tokens.NewToken;
import dev.pgmedic.store.Tokens.Stored;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tokens are looked for in the store, and guessed at no faster for all at once. */
@Timeout(120)
class SecretSearchTest {

  private static final String ADDRESS = "10.1.2.3";

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();
  private final Store store = Store.open(vertx, url).await();
  private final FailedLogins failures = new FailedLogins(() -> 5L);
  private final SecretSearch<Stored> search =
      new SecretSearch<>(Tokens::isOurs, new Tokens(store)::good, failures);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  /** What is asked for at once, and whether the address must wait while nothing is answered. */
  private record Asked(List<Future<Optional<Stored>>> searches, boolean waits) {}

  private Asked ask(List<String> secrets) {
    List<Asked> asked = new ArrayList<>();
    Deployable asking =
        context -> {
          List<Future<Optional<Stored>>> searches =
              secrets.stream().map(secret -> search.find(secret, ADDRESS)).toList();
          asked.add(new Asked(searches, failures.wait(ADDRESS).isPresent()));
          return Future.succeededFuture();
        };
    vertx.deployVerticle(asking).await();
    return asked.get(0);
  }

  private static List<String> guesses(int count) {
    return IntStream.range(0, count)
        .mapToObj(number -> Tokens.PREFIX + "%064x".formatted(number))
        .toList();
  }

  private String made(String name) {
    NewToken token =
        new NewToken(name, Role.VIEWER, TokenKind.SERVICE, Scope.ALL, Optional.empty());
    return new Tokens(store).create(token, "root").await().orElseThrow().secret();
  }

  private static void lock(Connection session) throws SQLException {
    session.setAutoCommit(false);
    try (Statement statement = session.createStatement()) {
      statement.execute("LOCK TABLE pgmedic.token");
    }
  }

  @Test
  void guessesThatNobodyAnsweredYetCount() throws SQLException {
    Asked asked;
    try (Connection session = TestDatabases.connect(url)) {
      // Given
      lock(session);

      // When
      asked = ask(guesses(FailedLogins.FREE));
    }

    // Then
    assertThat(asked.waits()).isTrue();
    assertThat(Future.join(asked.searches()).await().<Optional<Stored>>list())
        .allMatch(Optional::isEmpty);
    assertThat(failures.wait(ADDRESS)).isPresent();
  }

  @Test
  void aGoodTokenThatIsBroughtOftenAtOnceCountsForNothing() throws SQLException {
    // Given
    String secret = made("jarvis");
    Asked asked;
    try (Connection session = TestDatabases.connect(url)) {
      lock(session);

      // When
      asked = ask(Collections.nCopies(2 * FailedLogins.FREE, secret));
    }

    // Then
    assertThat(asked.waits()).isFalse();
    assertThat(Future.join(asked.searches()).await().<Optional<Stored>>list())
        .allMatch(found -> found.orElseThrow().name().equals("jarvis"));
    assertThat(failures.size()).isZero();
  }

  @Test
  void whatHasNotTheShapeOfATokenIsNotLookedFor() throws SQLException {
    // Given
    String secret = made("jarvis");
    try (Connection session = TestDatabases.connect(url)) {
      lock(session);

      // When
      Asked asked = ask(List.of("", "pgm_", secret + "0", secret.substring(1), "x" + secret));

      // Then
      assertThat(asked.searches()).allMatch(found -> found.succeeded() && found.result().isEmpty());
    }
  }
}
