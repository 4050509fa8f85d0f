package dev.pgmedic.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TurnstileTest {

  private final Turnstile turnstile = new Turnstile(2);
  private final List<Promise<Integer>> begun = new ArrayList<>();

  private Future<Integer> work() {
    Promise<Integer> work = Promise.promise(); // adapter: of a test
    begun.add(work);
    return work.future();
  }

  @Test
  void letsSoMuchThroughAtOnceAndTheRestInTurn() {
    // Given
    List<Future<Integer>> all =
        IntStream.range(0, 4).mapToObj(number -> turnstile.through(this::work)).toList();
    int first = begun.size();

    // When
    begun.get(1).complete(7);

    // Then
    assertThat(first).isEqualTo(2);
    assertThat(begun).hasSize(3);
    assertThat(all.get(1).result()).isEqualTo(7);
    assertThat(all).filteredOn(Future::isComplete).hasSize(1);
  }

  @Test
  void givesThePlaceOfWorkThatFailedToTheNext() {
    // Given
    List<Future<Integer>> all =
        IntStream.range(0, 3).mapToObj(number -> turnstile.through(this::work)).toList();

    // When
    begun.get(0).fail("no");

    // Then
    assertThat(begun).hasSize(3);
    assertThat(all.get(0).failed()).isTrue();
  }

  @Test
  void givesThePlaceOfWorkThatThrewToTheNext() {
    // Given
    for (int number = 0; number < 5; number++) {
      Future<Integer> thrown =
          turnstile.through(() -> {
            throw new IllegalStateException("no");
          });
      assertThat(thrown.failed()).isTrue();
    }

    // When
    Future<Integer> next = turnstile.through(this::work);

    // Then
    assertThat(begun).hasSize(1);
    assertThat(next.isComplete()).isFalse();
  }
}
