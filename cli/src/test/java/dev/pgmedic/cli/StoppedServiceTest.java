package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class StoppedServiceTest {

  private static final String TOKEN = "a-token-of-the-tests-alone";

  @TempDir private Path folder;

  @RepeatedTest(2)
  void aServiceInTheMiddleOfItsWorkEndsWithoutAWord() throws Exception {
    // Given: so many checks that one of them is always at work
    PostgresUrl store = TestDatabases.fresh();
    PostgresUrl url = TestDatabases.fresh();
    String targets =
        IntStream.range(0, 10)
            .mapToObj(i -> "  t%d: {url: \"%s\", check_every: 100ms}\n".formatted(i, url.reveal()))
            .collect(Collectors.joining());
    Path config = folder.resolve("pgmedic.yaml");
    Files.writeString(
        config,
        """
        store: {url: "%s"}
        auth: {tokens: [{name: me, role: viewer, token: %s}]}
        targets:
        """
                .formatted(store.reveal(), TOKEN)
            + targets);

    // When
    try (ServiceProcess service = ServiceProcess.up(config)) {
      await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> TestDatabases.query(store, "SELECT 1 FROM pgmedic.baseline").size() == 10);
      assertThat(service.api(TOKEN).health().getJsonArray("targets")).hasSize(10);
    }

    // Then
    assertThat(Files.readString(folder.resolve("up.log"))).isEmpty();
    assertThat(
            TestDatabases.query(
                store,
                "SELECT application_name FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND application_name LIKE 'pgmedic%'"))
        .isEmpty();
  }
}
