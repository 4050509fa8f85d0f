package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The locks of a target over HTTP. */
@Timeout(180)
class LocksTest {

  private static final String PATH = "/api/targets/shop/locks";

  private static Call viewer(String path) {
    return Call.get(path).as(Service.VIEWER);
  }

  @Test
  void everybodyWhoAsksMeanwhileGetsTheSameLook() throws SQLException {
    // Given
    PostgresUrl url = TestDatabases.fresh();
    try (Service service = Service.of(Target.of("shop", url));
        Connection session = TestDatabases.connect(url);
        Statement statement = session.createStatement()) {
      statement.execute("SET application_name = 'deploy'");
      statement.execute("SELECT pg_advisory_lock(72707369), 'a secret'");

      // When
      List<Future<Reply>> asked =
          Stream.generate(() -> service.sending(viewer(PATH))).limit(5).toList();

      // Then
      List<Reply> replies = asked.stream().map(reply -> reply.await()).toList();
      assertThat(replies).extracting(Reply::status).containsOnly(200);
      assertThat(replies).extracting(Reply::body).containsOnly(replies.get(0).body());
      JsonObject report = replies.get(0).json();
      assertThat(report.getString("target")).isEqualTo("shop");
      JsonObject lock = report.getJsonArray("locks").getJsonObject(0);
      assertThat(lock.getString("tool")).isEqualTo("prisma");
      assertThat(lock.getString("verdict")).isEqualTo("live");
      assertThat(lock.getJsonObject("holder").getInteger("pid"))
          .isEqualTo(TestDatabases.pid(session));
      assertThat(replies.get(0).body()).doesNotContain("a secret");
    }
  }

  @Test
  void aTargetThatDoesNotAnswerIsAProblemWithItsStage() {
    // Given
    Target gone = Target.of("shop", PostgresUrl.parse("postgresql://me@127.0.0.1:1/mydb"));
    try (Service service = Service.of(gone)) {

      // When
      Reply reply = service.send(viewer(PATH));
      Reply unknown = service.send(viewer("/api/targets/other/locks"));

      // Then
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.json().getString("detail")).contains("failed at tcp");
      assertThat(unknown.status()).isEqualTo(404);
    }
  }
}
