package dev.pgmedic.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.testing.PostgresServers;
import dev.pgmedic.testing.TestDatabases;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A recovery takes its lock, rebuilds and verifies on every version that is supported. */
@Timeout(180)
class ServerVersionsRecoveryTest {

  private final RecoveryScene scene = new RecoveryScene();

  @AfterEach
  void close() {
    scene.close();
  }

  @ParameterizedTest
  @MethodSource("dev.pgmedic.testing.PostgresServers#sample")
  void healsOnEachVersion(int version) throws IOException {
    try (EmbeddedPostgres server = PostgresServers.start(version)) {
      // Given
      PostgresUrl url = PostgresServers.url(server);
      Target target = RecoveryScene.target(url, url);
      scene.broken(target);
      RecoveryTask task = scene.approved(target);

      // When
      String worker = scene.deploy(target);
      RecoveryTask ended = scene.ended(task);
      scene.vertx().undeploy(worker).await();

      // Then
      assertThat(ended.state().label()).as(ended.toString()).isEqualTo("succeeded");
      assertThat(TestDatabases.query(url, "SELECT count(*) FROM names")).containsExactly("0");
      assertThat(TestDatabases.query(url, "SELECT count(*) FROM orders")).containsExactly("500");
      assertThat(TestDatabases.query(url, "SELECT pg_try_advisory_lock(" + MigrationLock.KEY + ")"))
          .as("the lock was given back")
          .containsExactly("t");
    }
  }
}
