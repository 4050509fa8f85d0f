package dev.pgmedic.history.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(10)
class AlembicFilesTest {

  @TempDir private Path folder;

  private final Alembic alembic = new Alembic();

  @Test
  void theHeadIsTheRevisionThatNothingFollows() throws IOException {
    // Given
    project("script_location = %(here)s/alembic");
    revision("a.py", "revision = '001'", "down_revision = None");
    revision("b.py", "revision: str = \"002\"", "down_revision: Union[str, None] = \"001\"");
    revision("c.py", "revision = '003'  # third", "down_revision = '002'  # '004'");
    revision("__init__.py", "", "");

    // When
    OnDisk found = alembic.onDisk(folder).orElseThrow();

    // Then
    assertThat(found.versions()).containsExactly("001", "002", "003");
    assertThat(found.heads()).containsExactly("003");
  }

  @Test
  void branchesThatAreNotMergedAreSeveralHeads() throws IOException {
    // Given
    project("script_location = alembic");
    revision("a.py", "revision = '001'", "down_revision = None");
    revision("b.py", "revision = '002a'", "down_revision = '001'");
    revision("c.py", "revision = '002b'", "down_revision = '001'");

    // When
    OnDisk found = alembic.onDisk(folder).orElseThrow();

    // Then
    assertThat(found.heads()).containsExactly("002a", "002b");
  }

  @Test
  void aMergeFollowsAllThatItNamesOverSeveralLines() throws IOException {
    // Given
    project("[alembic]\nscript_location=alembic");
    revision("b.py", "revision = '002a'", "down_revision = None");
    revision("c.py", "revision = '002b'", "down_revision = None");
    revision("d.py", "revision = '003'", "down_revision = (\n    '002a',\n    '002b',\n)");

    // When
    OnDisk found = alembic.onDisk(folder).orElseThrow();

    // Then
    assertThat(found.heads()).containsExactly("003");
  }

  @Test
  void theSettingsMayBeInPyprojectAndNameSeveralFolders() throws IOException {
    // Given
    Files.writeString(
        folder.resolve("pyproject.toml"),
        """
        [project]
        name = "shop"
        [tool.alembic]
        script_location = "%(here)s/alembic"
        version_locations = [
            "%(here)s/alembic/versions", "shop.billing:revisions"
        ]
        [tool.other]
        script_location = "nowhere"
        """);
    Files.createDirectories(folder.resolve("alembic/versions"));
    Files.createDirectories(folder.resolve("shop/billing/revisions"));
    revision("a.py", "revision = '001'", "down_revision = None");
    revision("../../shop/billing/revisions/b.py", "revision = '002'", "down_revision = '001'");

    // When
    OnDisk found = alembic.onDisk(folder).orElseThrow();

    // Then
    assertThat(found.versions()).containsExactly("001", "002");
    assertThat(found.files())
        .extracting(MigrationFile::path)
        .containsExactly("alembic/versions/a.py", "shop/billing/revisions/b.py");
  }

  @Test
  void foldersBelowCountOnlyWhereTheSettingsSaySo() throws IOException {
    // Given
    project("script_location = alembic");
    Files.createDirectories(folder.resolve("alembic/versions/2026"));
    revision("a.py", "revision = '001'", "down_revision = None");
    revision("2026/b.py", "revision = '002'", "down_revision = '001'");
    OnDisk flat = alembic.onDisk(folder).orElseThrow();

    // When
    project("script_location = alembic\nrecursive_version_locations = true");
    OnDisk deep = alembic.onDisk(folder).orElseThrow();

    // Then
    assertThat(flat.versions()).containsExactly("001");
    assertThat(deep.versions()).containsExactlyInAnyOrder("001", "002");
  }

  @Test
  void twoFilesOfOneRevisionAreAConflict() throws IOException {
    // Given
    project("script_location = alembic");
    revision("a.py", "revision = '001'", "down_revision = None");
    revision("b.py", "revision = '001'", "down_revision = None");

    // When
    OnDisk found = alembic.onDisk(folder).orElseThrow();

    // Then
    assertThat(found.conflicts())
        .extracting(OnDisk.Conflict::names)
        .containsExactly(List.of("alembic/versions/a.py", "alembic/versions/b.py"));
  }

  @Test
  void commentsAndStringsAreNoAssignments() throws IOException {
    // Given
    project("# script_location = nowhere\nscript_location = alembic");
    revision(
        "a.py",
        "\"\"\"revision = 'x'",
        "down_revision = 'y'",
        "\"\"\"",
        "# revision = 'z'",
        "text = 'it\\'s # no comment'",
        "revision = '001'  # 'w'",
        "down_revision = (  # the 'first' one",
        "    '000',  # '0000'",
        ")");

    // When
    OnDisk found = alembic.onDisk(folder).orElseThrow();

    // Then
    assertThat(found.versions()).containsExactly("001");
    assertThat(found.files().get(0).follows()).containsExactly("000");
  }

  @Test
  void aFolderThatIsNoAlembicProjectIsSaidSo() {
    // When
    Throwable error = catchThrowable(() -> alembic.onDisk(folder));

    // Then
    assertThat(error).isInstanceOf(IOException.class).hasMessageContaining("expected alembic.ini");
  }

  private void project(String ini) throws IOException {
    Files.createDirectories(folder.resolve("alembic/versions"));
    Files.writeString(folder.resolve("alembic.ini"), ini + "\n");
  }

  private void revision(String file, String... lines) throws IOException {
    Files.writeString(
        folder.resolve("alembic/versions").resolve(file), String.join("\n", lines) + "\n");
  }
}
