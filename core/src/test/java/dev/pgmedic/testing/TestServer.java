package dev.pgmedic.testing;

import dev.pgmedic.target.PostgresUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** A PostgreSQL server of a test's own, which it may break. */
public final class TestServer implements AutoCloseable {

  private final EmbeddedPostgres server;

  private TestServer(EmbeddedPostgres server) {
    this.server = server;
  }

  /** Starts one; the caller closes it. */
  public static TestServer start() throws IOException {
    return new TestServer(EmbeddedPostgres.builder().start());
  }

  /** Its database {@code postgres}. */
  public PostgresUrl url() {
    return new PostgresUrl(
        "localhost", server.getPort(), "postgres", "postgres", Optional.empty(), Map.of());
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
