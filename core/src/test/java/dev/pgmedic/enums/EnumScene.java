package dev.pgmedic.enums;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.List;

/** Callers that ensure types, each on a session of its own. */
final class EnumScene implements AutoCloseable {

  static final Duration LIMIT = Duration.ofSeconds(30);

  private final Vertx vertx = Vertx.vertx();

  static EnumType type(String schema, String name, String... labels) {
    return new EnumType(schema, name, List.of(labels));
  }

  PgConnection connect(PostgresUrl url) {
    return PgConnection.connect(vertx, PgConnectOptions.fromUri(url.reveal())).await();
  }

  Ensured ensure(PostgresUrl url, EnumType type) {
    PgConnection session = connect(url);
    return Enums.ensure(session, type, LIMIT).eventually(session::close).await();
  }

  /** Ensures a type that is not there. */
  void make(PostgresUrl url, EnumType type) {
    assertThat(ensure(url, type)).isEqualTo(new Ensured.Created());
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
