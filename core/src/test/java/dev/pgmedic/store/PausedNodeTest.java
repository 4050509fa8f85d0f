package dev.pgmedic.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.event.EventType;
import dev.pgmedic.event.NewEvent;
import dev.pgmedic.store.Store.Change;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that is paused in the middle of a change does not stop the others. */
@Timeout(60)
class PausedNodeTest {

  private static final NewEvent EVENT =
      new NewEvent(EventType.ISSUE_UPDATED, "t", "s", new JsonObject());

  private final Vertx vertx = Vertx.vertx();
  private final PostgresUrl url = TestDatabases.fresh();
  private final Store paused = Store.open(vertx, url).await();
  private final Store other = Store.open(vertx, url).await();

  @AfterEach
  void close() {
    other.close().await();
    paused.close().await();
    vertx.close().await();
  }

  @Test
  void losesItsTransactionBeforeTheOthersGiveUp() {
    // Given: the lock that every change of the store needs is held by a change that stands still
    Promise<Change<Boolean>> woken = Promise.promise(); // adapter: the test decides when it goes on
    Promise<Void> locked = Promise.promise(); // adapter: as above
    Future<Boolean> change =
        paused.change(tx ->
            tx.query("SELECT FROM event_head FOR UPDATE")
                .execute()
                .onSuccess(held -> locked.complete())
                .compose(held -> woken.future()));
    locked.future().await();

    // When
    other.change(tx -> Future.succeededFuture(Change.telling(List.of(EVENT)))).await();
    woken.complete(new Change<>(true, List.of(EVENT)));

    // Then: the other's event is there, and what the paused one was about to write is not
    Throwable told = change.transform(ended -> Future.succeededFuture(ended.cause())).await();
    assertThat(told).isNotNull();
    assertThat(TestDatabases.query(url, "SELECT sequence FROM pgmedic.event")).containsExactly("1");
  }
}
