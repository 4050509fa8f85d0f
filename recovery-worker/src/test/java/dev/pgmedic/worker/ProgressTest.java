package dev.pgmedic.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProgressTest {

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void workThatHasEndedWaitsForNoLookThatDoesNotAnswer() {
    // Given
    Promise<Void> looked = Promise.promise(); // adapter: of the moment of a look
    Progress progress =
        new Progress(
            vertx,
            1,
            () -> {
              looked.tryComplete();
              return Promise.<String>promise().future(); // adapter: of a server that is silent
            },
            said -> Future.succeededFuture());

    // When
    String done = progress.during(() -> looked.future().map("done")).await();

    // Then
    assertThat(done).isEqualTo("done");
  }

  @Test
  void whatIsNewIsToldOnce() {
    // Given
    List<String> told = new CopyOnWriteArrayList<>();
    Promise<Void> twice = Promise.promise(); // adapter: of the second thing that is told
    List<String> says = List.of("", "a", "a", "b");
    int[] look = {0};
    Progress progress =
        new Progress(
            vertx,
            1,
            () -> Future.succeededFuture(says.get(Math.min(look[0]++, says.size() - 1))),
            said -> {
              told.add(said);
              if (told.size() == 2) {
                twice.complete();
              }
              return Future.succeededFuture();
            });

    // When
    progress.during(twice::future).await();

    // Then
    assertThat(told).containsExactly("a", "b");
  }
}
