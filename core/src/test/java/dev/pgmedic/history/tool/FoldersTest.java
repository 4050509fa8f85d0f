package dev.pgmedic.history.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which files of a folder a tool takes for its migrations. */
@Timeout(10)
class FoldersTest {

  @TempDir private Path folder;

  private void file(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void knexTakesAllThatItsFolderHoldsWhateverItIsCalled() throws IOException {
    // Given
    file("migrations/create_users.js", "");
    file("migrations/20260101_orders.ts", "");
    file("migrations/users.d.ts", "");
    file("migrations/README.md", "");

    // When
    OnDisk found = new Knex().onDisk(folder).orElseThrow();

    // Then
    assertThat(found.versions()).containsExactlyInAnyOrder("create_users.js", "20260101_orders.ts");
  }

  @Test
  void knexTakesNoOtherProgramBesideItsMigrations() throws IOException {
    // Given
    file("20260101_orders.js", "");
    file("knexfile.js", "");

    // When
    OnDisk found = new Knex().onDisk(folder).orElseThrow();

    // Then
    assertThat(found.versions()).containsExactly("20260101_orders.js");
  }

  @Test
  void aDjangoProjectMayLieBelowAFolderOfTests() throws IOException {
    // Given
    file("tests/shop/rooms/migrations/0001_initial.py", "class Migration:\n    pass\n");
    file("tests/shop/rooms/tests/migrations/0001_other.py", "class Migration:\n    pass\n");

    // When
    OnDisk found = new Django().onDisk(folder.resolve("tests/shop")).orElseThrow();

    // Then
    assertThat(found.versions()).containsExactly("rooms.0001_initial");
  }
}
