package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.api.Frames.Frame;
import dev.pgmedic.config.Config.Role;
import dev.pgmedic.config.Config.Token;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.store.Issues;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What somebody asked for lasts no longer than the token that they asked with. */
@Timeout(120)
class TokenEndsTest {

  private final BrokenShop shop = BrokenShop.healable();
  private final Service service = Service.of(shop.target());

  @AfterEach
  void close() {
    service.close();
  }

  /** A token of the store. */
  record Made(String id, Token token) {}

  /** How a token ends. */
  enum End {
    REVOKED,
    EXPIRED,
    GONE;

    void of(Service service, Made made) {
      switch (this) {
        case REVOKED ->
            assertThat(
                    service
                        .send(Call.delete("/api/tokens/" + made.id()).as(Service.ADMIN))
                        .status())
                .isEqualTo(200);
        case EXPIRED ->
            run(service, "UPDATE pgmedic.token SET expires_at = now() WHERE id = ", made);
        case GONE -> run(service, "DELETE FROM pgmedic.token WHERE id = ", made);
      }
    }

    private static void run(Service service, String statement, Made made) {
      TestDatabases.run(service.storeUrl(), statement + "'" + made.id() + "'");
    }
  }

  private Made made(String name) {
    JsonObject body = new JsonObject().put("name", name).put("role", "viewer");
    JsonObject made = service.send(Call.post("/api/tokens", body).as(Service.ADMIN)).json();
    return new Made(made.getString("id"), new Token(name, Role.VIEWER, made.getString("secret")));
  }

  private static Call events() {
    return Call.get("/api/events");
  }

  private void write(Target target) {
    new Issues(service.store())
        .record(target, BrokenShop.found(target, IssueCode.DATA_LOST, "public.a", "lost"))
        .await();
  }

  @ParameterizedTest
  @EnumSource(End.class)
  void aStreamEndsWithItsTokenAndTheOthersGoOn(End end) throws InterruptedException {
    // Given
    Made ending = made("ending");
    Made staying = made("staying");
    try (Frames one = Frames.open(service, events().as(ending.token()));
        Frames two = Frames.open(service, events().as(ending.token()));
        Frames ofStore = Frames.open(service, events().as(staying.token()));
        Frames ofConfiguration = Frames.open(service, events().as(Service.VIEWER));
        Frames ofNobody = Frames.open(service, events())) {
      List<Frames> others = List.of(ofStore, ofConfiguration, ofNobody);

      // When
      end.of(service, ending);
      boolean ended = one.ends() && two.ends();
      Reply again = service.send(events().as(ending.token()));
      for (Frames other : others) {
        other.next();
      }
      write(shop.target());

      // Then
      assertThat(ended).isTrue();
      one.next();
      Frame last = one.next();
      assertThat(last.lines()).containsExactly(": " + TokenWatch.ENDED);
      again.problem(401);
      for (Frames other : others) {
        assertThat(other.nextEvent().event()).contains("health.changed");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(End.class)
  void whoWaitsForATaskIsToldThatTheirTokenEnded(End end) {
    // Given: its connection is there already
    RecoveryTask task = shop.propose(service);
    Made ending = made("ending");
    Call wait = Call.get("/api/recovery-tasks/" + task.id() + "?wait=60s");
    assertThat(service.send(Call.get("/api/whoami").as(ending.token())).status()).isEqualTo(200);

    // When
    Future<Reply> waiting = service.sending(wait.as(ending.token()));
    end.of(service, ending);
    Reply told = waiting.await();

    // Then
    told.problem(401);
    assertThat(told.json().getString("detail")).isEqualTo(TokenWatch.ENDED);
  }

  @ParameterizedTest
  @EnumSource(End.class)
  void aStreamOfWhoeverIsSignedInEndsWithTheirToken(End end) throws InterruptedException {
    // Given
    Made ending = made("ending");
    Call signIn = new Call("POST", "/api/session", Map.of(), "").as(ending.token());
    String cookie = service.send(signIn).headers().get("Set-Cookie").split(";", 2)[0];
    try (Frames frames = Frames.open(service, events().with("Cookie", cookie))) {
      // When
      end.of(service, ending);
      boolean ended = frames.ends();
      Reply again = service.send(events().with("Cookie", cookie));

      // Then
      assertThat(ended).isTrue();
      assertThat(again.problem(401)).isEqualTo("session-ended");
    }
  }

  private boolean isAskedSince(String moment) {
    String asked =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND query LIKE 'SELECT * FROM token%' AND query_start > '";
    return !TestDatabases.query(service.storeUrl(), asked + moment + "'").equals(List.of("0"));
  }

  @Test
  void aStoreThatDoesNotAnswerEndsNobody() throws InterruptedException {
    // Given
    Made made = made("staying");
    try (Frames frames = Frames.open(service, events().as(made.token()))) {
      frames.next();

      // When
      TestDatabases.run(service.storeUrl(), "ALTER TABLE pgmedic.token RENAME TO elsewhere");
      Reply meanwhile = service.send(Call.get("/api/whoami").as(made.token()));
      String since = TestDatabases.query(service.storeUrl(), "SELECT clock_timestamp()").get(0);
      await().atMost(Duration.ofSeconds(60)).until(() -> isAskedSince(since));
      TestDatabases.run(service.storeUrl(), "ALTER TABLE pgmedic.elsewhere RENAME TO token");
      write(shop.target());

      // Then
      meanwhile.problem(503);
      assertThat(frames.nextEvent().event()).contains("health.changed");
    }
  }
}
