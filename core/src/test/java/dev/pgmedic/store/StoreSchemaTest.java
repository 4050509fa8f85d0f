package dev.pgmedic.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class StoreSchemaTest {

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void isMadeOnceWhenTenNodesStartAtTheSameTime() {
    // Given
    PostgresUrl url = TestDatabases.fresh();

    // When
    List<Future<Store>> stores =
        IntStream.range(0, 10).mapToObj(node -> Store.open(vertx, url)).toList();
    Future.all(stores).await();

    // Then
    assertThat(TestDatabases.query(url, "SELECT version FROM pgmedic.pgmedic_migrations"))
        .containsExactly(
            "001", "002", "003", "004", "006", "007", "008", "009", "010", "011", "012", "013",
            "014");
    assertThat(
            TestDatabases.query(url, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
        .containsExactly("0");
    stores.forEach(store -> store.result().close().await());
  }

  @Test
  void isLeftAloneWhenItIsThereAlready() {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    Store.open(vertx, url).await().close().await();
    List<String> applied = TestDatabases.query(url, applied());

    // When
    Store.open(vertx, url).await().close().await();

    // Then
    assertThat(TestDatabases.query(url, applied())).isEqualTo(applied);
  }

  private static String applied() {
    return "SELECT applied_at FROM pgmedic.pgmedic_migrations ORDER BY version";
  }
}
