package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a read-only root, as containers have it, the temporary folder is there and takes no file. */
@Timeout(180)
class ReadOnlyRootTest {

  /** Nobody makes a folder there, not even root. */
  private static final String TEMPORARY = "-Djava.io.tmpdir=/proc";

  private static final String TOKEN = "a-token-of-the-tests-alone";

  @TempDir private Path folder;
  private final PostgresUrl url = TestDatabases.fresh();

  @Test
  void aCheckNeedsNoTemporaryFolder() throws Exception {
    // When
    Process check =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                TEMPORARY,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.pgmedic.cli.Pgmedic",
                "check",
                "--url",
                url.reveal())
            .redirectErrorStream(true)
            .start();

    // Then
    List<String> lines = check.inputReader().lines().toList();
    assertThat(lines.get(0)).startsWith("TARGET");
    assertThat(lines.get(1)).contains("healthy", "none");
    assertThat(lines.get(3)).startsWith("note: no known-good definition");
    assertThat(lines).hasSize(4);
    assertThat(check.waitFor()).isZero();
  }

  @Test
  void aServiceMakesDoWithTheFolderOfItsStore() throws Exception {
    // Given
    Path config = config(folder.resolve("store"));

    // When
    try (ServiceProcess service = ServiceProcess.up(config, TEMPORARY)) {

      // Then
      assertThat(service.api(TOKEN).health().getString("target")).isEqualTo("shop");
      assertThat(left()).isNotEmpty();
    }
    assertThat(left()).isEmpty();
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("store"))) {
      return files.toList();
    }
  }

  @Test
  void aServiceThatMayWriteNowhereSaysWhatItNeeds() throws Exception {
    // Given
    Path config = config(Path.of("/proc/store"));

    // When
    Throwable error = catchThrowable(() -> ServiceProcess.up(config, TEMPORARY).close());

    // Then
    assertThat(error)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(
            "pgmedic: store.directory: expected a folder that we may write to, here or in /proc");
  }

  private Path config(Path store) throws IOException {
    return Files.writeString(
        folder.resolve("pgmedic.yaml"),
        """
        store: {url: "%s", directory: "%s"}
        auth: {tokens: [{name: jarvis, role: approver, token: %s}]}
        targets: {shop: {url: "%s"}}
        """
            .formatted(TestDatabases.fresh().reveal(), store, TOKEN, url.reveal()));
  }
}
