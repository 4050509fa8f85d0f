package dev.pgmedic.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinariesTest {

  private static final String GIVEN = "PGMEDIC_POSTGRES";

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

  @Test
  void programsThatAreGivenAreUsedAsTheyAre() throws Exception {
    // Given
    Path given = Binaries.folder();
    Path cache = folder.resolve("cache");

    // When
    Process process = unpackIn(cache, folder.resolve("out"), Map.of(GIVEN, given.toString()));

    // Then
    assertThat(process.waitFor()).isZero();
    assertThat(cache).doesNotExist();
  }

  @Test
  void aFolderWithoutProgramsIsAnErrorThatNamesIt() throws Exception {
    // Given
    Path output = folder.resolve("out");

    // When
    Process process = unpackIn(folder.resolve("cache"), output, Map.of(GIVEN, folder.toString()));

    // Then
    assertThat(process.waitFor()).isNotZero();
    assertThat(output)
        .content()
        .contains("PGMEDIC_POSTGRES: expected a folder with bin/initdb in it, found \"" + folder);
  }

  private static Process unpackIn(Path cache, Path output) throws Exception {
    return unpackIn(cache, output, Map.of());
  }

  private static Process unpackIn(Path cache, Path output, Map<String, String> more)
      throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            UnpackOnly.class.getName());
    builder.environment().putAll(more);
    builder.environment().put("XDG_CACHE_HOME", cache.toString());
    return builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
  }
}
