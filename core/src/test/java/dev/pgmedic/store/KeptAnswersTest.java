package dev.pgmedic.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.store.KeptAnswers.Answer;
import dev.pgmedic.store.KeptAnswers.Found;
import dev.pgmedic.store.KeptAnswers.Request;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A key is one request's for a day, and one node's while that is being answered. */
@Timeout(90)
class KeptAnswersTest {

  private static final Request REQUEST = new Request("jarvis", "key-1", "hash");
  private static final Answer ANSWER =
      new Answer(201, "application/json", Optional.of("\"tag\""), "{\"a\": \"é\"}");

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();
  private final Store store = Store.open(vertx, url).await();
  private final KeptAnswers kept = new KeptAnswers(store);

  @AfterEach
  void close() {
    store.close().await();
    vertx.close().await();
  }

  private UUID claim() {
    return claim(REQUEST);
  }

  private UUID claim(Request request) {
    return kept.claim(request).await() instanceof Found.New mine
        ? mine.claim()
        : new UUID(0, 0); // nobody's
  }

  @Test
  void ofManyAtOnceOneClaims() {
    // When
    List<Future<Found>> found = IntStream.range(0, 20).mapToObj(i -> kept.claim(REQUEST)).toList();
    Future.all(found).await();

    // Then
    assertThat(found.stream().filter(claim -> claim.result() instanceof Found.New)).hasSize(1);
    assertThat(found.stream().filter(claim -> claim.result() instanceof Found.AtWork)).hasSize(19);
  }

  @Test
  void anAnswerIsGivenAgainToTheSameRequestAlone() {
    // Given
    kept.keep(REQUEST, claim(), ANSWER).await();

    // When
    Found same = kept.claim(REQUEST).await();
    Found other = kept.claim(new Request("jarvis", "key-1", "other")).await();
    Found somebodyElse = kept.claim(new Request("root", "key-1", "hash")).await();

    // Then
    assertThat(same).isEqualTo(new Found.Answered(ANSWER));
    assertThat(other).isEqualTo(new Found.OtherRequest());
    assertThat(somebodyElse).isInstanceOf(Found.New.class);
  }

  @Test
  void aKeyThatWasGivenBackIsFree() {
    // Given
    kept.release(REQUEST, claim()).await();

    // When
    Found again = kept.claim(REQUEST).await();

    // Then
    assertThat(again).isInstanceOf(Found.New.class);
  }

  @Test
  void aClaimWhoseNodeIsGoneIsAnothersAndItsAnswerComesTooLate() {
    // Given
    UUID gone = claim();
    TestDatabases.run(url, "UPDATE pgmedic.kept_answer SET claimed_until = now() - interval '1 s'");
    UUID mine = claim();

    // When
    kept.keep(REQUEST, gone, new Answer(200, "text/plain", Optional.empty(), "late")).await();
    kept.release(REQUEST, gone).await();
    Found before = kept.claim(REQUEST).await();
    kept.keep(REQUEST, mine, ANSWER).await();

    // Then
    assertThat(before).isEqualTo(new Found.AtWork());
    assertThat(kept.claim(REQUEST).await()).isEqualTo(new Found.Answered(ANSWER));
  }

  @Test
  void whatIsADayOldIsForgottenAndItsKeyFree() {
    // Given
    Request young = new Request("jarvis", "key-2", "hash");
    kept.keep(REQUEST, claim(), ANSWER).await();
    kept.keep(young, claim(young), ANSWER).await();
    TestDatabases.run(
        url, "UPDATE pgmedic.kept_answer SET at = now() - interval '24 h 1 s' WHERE key = 'key-1'");

    // When
    Found reused = kept.claim(new Request("jarvis", "key-1", "other")).await();
    TestDatabases.run(
        url, "UPDATE pgmedic.kept_answer SET at = now() - interval '24 h 1 s' WHERE key = 'key-1'");
    int forgotten = kept.forget().await();

    // Then
    assertThat(reused).isInstanceOf(Found.New.class);
    assertThat(forgotten).isEqualTo(1);
    assertThat(TestDatabases.query(url, "SELECT key FROM pgmedic.kept_answer"))
        .containsExactly("key-2");
  }
}
