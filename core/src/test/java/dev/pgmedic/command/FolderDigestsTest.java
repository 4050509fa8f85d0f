package dev.pgmedic.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FolderDigestsTest {

  @TempDir private Path folder;

  @Test
  void everyFileIsHashedAndCachesAreNamed() throws IOException {
    // Given
    Files.createDirectories(folder.resolve("versions/__pycache__"));
    Files.writeString(folder.resolve("versions/001.py"), "abc");
    Files.writeString(folder.resolve("versions/__pycache__/001.pyc"), "x");
    Files.createSymbolicLink(folder.resolve("link.py"), Path.of("versions/001.py"));
    Files.createSymbolicLink(folder.resolve("gone.py"), Path.of("nowhere.py"));
    Files.createSymbolicLink(folder.resolve("elsewhere"), Path.of("versions"));
    Files.createSymbolicLink(folder.resolve("versions/round"), Path.of(".."));

    // When
    FolderDigests digests = FolderDigests.of(folder);

    // Then
    String abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assertThat(digests.files())
        .isEqualTo(Map.of("versions/001.py", abc, "link.py", abc, "elsewhere/001.py", abc));
    assertThat(digests.leftOut())
        .containsExactlyInAnyOrder("versions/__pycache__", "elsewhere/__pycache__");
  }

  @Test
  void aFolderThatIsNotThereIsAnError() {
    assertThatThrownBy(() -> FolderDigests.of(folder.resolve("nowhere")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nowhere");
  }
}
