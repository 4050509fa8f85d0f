package dev.pgmedic.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pgmedic.event.Cursor;
import dev.pgmedic.event.EventFilter;
import dev.pgmedic.event.EventType;
import dev.pgmedic.event.NewEvent;
import dev.pgmedic.store.EventLog.Reading;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.PostgresServers;
import dev.pgmedic.testing.RealTool;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store that came out of a dump numbers its events anew: no cursor of before is followed. */
@Timeout(180)
class RestoredStoreTest {

  // The oldest, which any pg_dump can read.
  private static final int VERSION = 14;

  private final Vertx vertx = Vertx.vertx();
  @TempDir private Path folder;

  @BeforeAll
  static void thereAreThePrograms() {
    assumeTrue(RealTool.isThere("pg_dump", "--version"));
    assumeTrue(RealTool.isThere("psql", "--version"));
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private static void write(Store store, String... targets) {
    List<NewEvent> events =
        Stream.of(targets)
            .map(target -> new NewEvent(EventType.HEALTH_CHANGED, target, target, new JsonObject()))
            .toList();
    store.<Void>change(tx -> Future.succeededFuture(Store.Change.telling(events))).await();
  }

  private void run(String... command) {
    RealTool.run(folder, Map.of(), command).succeeded();
  }

  private static String address(PostgresUrl url) {
    return "postgresql://postgres@localhost:" + url.port() + "/" + url.database();
  }

  private void dump(PostgresUrl url) {
    run("pg_dump", "--no-owner", "--clean", "--if-exists", "-f", "dump.sql", "-d", address(url));
  }

  private void restore(PostgresUrl url) {
    run("psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", "-f", "dump.sql", "-d", address(url));
  }

  @Test
  void aCursorFromBeforeItsDumpIsStaleInTheStoreThatCameOfIt() throws IOException {
    try (EmbeddedPostgres server = PostgresServers.start(VERSION)) {
      // Given
      PostgresUrl url = PostgresServers.url(server);
      TestDatabases.run(url, "CREATE DATABASE restored");
      PostgresUrl other =
          new PostgresUrl(
              url.host(), url.port(), "restored", url.user(), url.password(), url.parameters());
      Store before = Store.open(vertx, url).await();
      write(before, "a", "b");
      Cursor cursor = before.events().bounds().await().newest();

      // When
      dump(url);
      restore(other);
      Store after = Store.open(vertx, other).await();

      // Then
      Reading read = after.events().read(cursor, EventFilter.ALL, 10).await();
      assertThat(read.stale()).isTrue();
      assertThat(read.events()).extracting(event -> event.target()).containsExactly("a", "b");
      assertThat(before.events().read(cursor, EventFilter.ALL, 10).await().stale()).isFalse();
      before.close().await();
      after.close().await();
    }
  }

  @Test
  void aNodeThatRunsWhileItsStoreIsRestoredNoticesIt() throws IOException {
    try (EmbeddedPostgres server = PostgresServers.start(VERSION)) {
      // Given: the number that the cursor has seen is another event's after the restore
      PostgresUrl url = PostgresServers.url(server);
      Store store = Store.open(vertx, url).await();
      write(store, "a");
      dump(url);
      write(store, "lost");
      Cursor cursor = store.events().bounds().await().newest();

      // When
      restore(url);
      write(store, "new");

      // Then
      Reading read = store.events().read(cursor, EventFilter.ALL, 10).await();
      assertThat(read.stale()).isTrue();
      assertThat(read.events()).extracting(event -> event.target()).containsExactly("a", "new");
      store.close().await();
    }
  }
}
