package dev.pgmedic.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinariesTest {

  @TempDir Path folder;

  @Test
  void processesThatUnpackAtTheSameTimeAllGetTheSamePrograms() throws Exception {
    // Given
    List<Process> unpacking = new ArrayList<>();

    // When
    for (int number = 0; number < 4; number++) {
      unpacking.add(unpackIn(folder.resolve("cache"), folder.resolve("out" + number)));
    }

    // Then
    for (Process process : unpacking) {
      assertThat(process.waitFor()).isZero();
    }
    try (Stream<Path> left = Files.list(folder.resolve("cache/pgmedic"))) {
      assertThat(left).singleElement().satisfies(it -> assertThat(it).isDirectory());
    }
  }

  private static Process unpackIn(Path cache, Path output) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            UnpackOnly.class.getName());
    builder.environment().put("XDG_CACHE_HOME", cache.toString());
    return builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
  }
}
