package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pgmedic.check.DatabaseCheck;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.check.KnownGoodLookup;
import dev.pgmedic.store.Store;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.Expectation;
import dev.pgmedic.target.Migrations;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * Other servers than the embedded one: PostgreSQL's own images, with passwords, over a mapped port.
 */
@Timeout(180)
class ContainerTest {

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgres:15", "postgres:17"})
  void isCheckedAndCarriesAStore(String image) {
    // Given
    assumeThat(DockerClientFactory.instance().isDockerAvailable())
        .as("no Docker engine answers here")
        .isTrue();
    try (GenericContainer<?> server = new GenericContainer<>(image)) {
      server
          .withEnv("POSTGRES_PASSWORD", "a secret of this test")
          .withExposedPorts(5432)
          .waitingFor(Wait.forLogMessage(".*ready to accept connections.*", 2))
          .withStartupTimeout(Duration.ofSeconds(90))
          .start();
      PostgresUrl url =
          new PostgresUrl(
              server.getHost(),
              server.getMappedPort(5432),
              "postgres",
              "postgres",
              Optional.of("a secret of this test"),
              Map.of());

      // When
      Store store = Store.open(vertx, url).await();
      Diagnosis diagnosis =
          new DatabaseCheck(vertx, Clock.systemUTC(), Duration.ofSeconds(15))
              .run(expecting(url), KnownGoodLookup.NONE)
              .await();

      // Then
      assertThat(diagnosis.findings())
          .extracting(finding -> finding.code() + " " + finding.subject())
          .containsExactly("table.missing public.google_service_status");
      assertThat(store.events().bounds().await().newest().sequence()).isZero();
    }
  }

  private static Target expecting(PostgresUrl url) {
    return new Target(
        "contained",
        url,
        Map.of(),
        Migrations.DETECTED,
        new Expectation(Set.of("google_service_status"), Map.of()),
        Optional.empty(),
        Target.DEFAULT_CHECK_EVERY,
        Deadlines.DEFAULT);
  }
}
