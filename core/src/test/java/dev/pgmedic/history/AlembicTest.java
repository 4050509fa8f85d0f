package dev.pgmedic.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pgmedic.issue.Finding;
import dev.pgmedic.testing.RealTool;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Alembic itself leaves in a database. */
@Timeout(180)
class AlembicTest {

  @TempDir private Path folder;

  private final HistoryScene scene = new HistoryScene();

  @BeforeAll
  static void installed() {
    assumeTrue(RealTool.isThere("alembic", "--version"), "apt install alembic python3-psycopg2");
  }

  @BeforeEach
  void project() {
    scene
        .project(folder)
        .file(
            "alembic.ini",
            "[alembic]",
            "script_location = %(here)s/migrations",
            "sqlalchemy.url = postgresql+psycopg2://%s@%s:%d/%s"
                .formatted(
                    scene.url().user(),
                    scene.url().host(),
                    scene.url().port(),
                    scene.url().database()))
        .file("migrations/script.py.mako", "")
        .file(
            "migrations/env.py",
            "from alembic import context",
            "from sqlalchemy import engine_from_config, pool",
            "settings = context.config.get_section('alembic')",
            "with engine_from_config(settings, poolclass=pool.NullPool).connect() as connection:",
            "    context.configure(connection=connection)",
            "    with context.begin_transaction():",
            "        context.run_migrations()");
    revision("001", "None", "op.create_table('one')");
    revision("002", "'001'", "op.create_table('two')");
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private void revision(String id, String down, String... upgrade) {
    labelled(id, down, "None", upgrade);
  }

  private void labelled(String id, String down, String labels, String... upgrade) {
    scene.file(
        "migrations/versions/" + id + "_step.py",
        "\"\"\"Step",
        "",
        "revision = 'of the documentation'",
        "\"\"\"",
        "from typing import Sequence, Union",
        "from alembic import op",
        "revision: str = '" + id + "'",
        "down_revision: Union[str, Sequence[str], None] = " + down,
        "branch_labels: Union[str, Sequence[str], None] = " + labels,
        "depends_on: Union[str, Sequence[str], None] = None",
        "def upgrade():",
        "    " + String.join("\n    ", upgrade));
  }

  private RealTool.Outcome alembic(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "alembic";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return RealTool.run(folder, Map.of(), command);
  }

  @Test
  void aDatabaseThatIsAtItsHeadHasNoFault() {
    // Given
    alembic("upgrade", "head").succeeded();

    // When
    HistoryState history = scene.history();

    // Then
    assertThat(history.tool()).contains("alembic");
    assertThat(history.version()).contains("002");
    assertThat(history.head()).contains("002");
    assertThat(history.atHead()).isTrue();
    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void whatLiesBehindTheDatabaseIsAppliedAndWhatLiesBeforeItIsPending() {
    // Given
    revision("003", "'002'", "pass");
    alembic("upgrade", "001").succeeded();

    // When
    Finding finding = scene.finding();

    // Then
    assertThat(finding.code()).hasToString("migration.pending");
    assertThat(finding.evidence()).containsEntry("pending", List.of("002", "003"));
  }

  @Test
  void aMigrationThatFailedBehindItsOwnCommitIsStillPending() {
    // Given
    revision(
        "003",
        "'002'",
        "op.create_table('half')",
        "with op.get_context().autocommit_block():",
        "    op.execute('SELECT 1')",
        "op.execute('SELECT 1/0')");
    assertThat(alembic("upgrade", "head").exit()).isNotZero();

    // When
    Finding finding = scene.finding();

    // Then
    assertThat(finding.code()).hasToString("migration.pending");
    assertThat(finding.evidence()).containsEntry("pending", List.of("003"));
    assertThat(scene.check().observation().orElseThrow().catalog().objects())
        .anyMatch(object -> object.identity().equals("public.half"));
  }

  @Test
  void twoHeadsAreAFaultUntilTheyAreMerged() {
    // Given
    revision("003a", "'002'", "pass");
    revision("003b", "'002'", "pass");
    alembic("upgrade", "heads").succeeded();
    Finding before = scene.finding();

    // When
    revision("004", "('003a', '003b')", "pass");
    alembic("upgrade", "head").succeeded();

    // Then
    assertThat(before.code()).hasToString("migration.multiple-heads");
    assertThat(before.evidence()).containsEntry("heads", List.of("003a", "003b"));
    assertThat(scene.findings()).isEmpty();
    assertThat(scene.history().version()).contains("004");
  }

  @Test
  void branchesWithLabelsOfTheirOwnAreMeant() {
    // Given
    labelled("b01", "None", "('billing',)", "pass");
    revision("b02", "'b01'", "pass");
    labelled("001", "None", "('shop',)", "pass");
    alembic("upgrade", "heads").succeeded();

    // When
    HistoryState history = scene.history();

    // Then
    assertThat(history.version()).contains("002,b02");
    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void aRevisionThatNoFileNamesIsUnknown() {
    // Given
    alembic("upgrade", "head").succeeded();
    scene.sql("UPDATE alembic_version SET version_num = 'gone'");

    // When
    Finding finding = scene.finding();

    // Then
    assertThat(finding.code()).hasToString("migration.unknown-version");
    assertThat(finding.evidence()).containsEntry("unknown", List.of("gone"));
    assertThat(alembic("upgrade", "head").exit()).isNotZero();
  }

  @Test
  void aRowThatAnotherRowStandsForIsAContradiction() {
    // Given
    alembic("upgrade", "head").succeeded();
    scene.sql("INSERT INTO alembic_version VALUES ('001')");

    // When
    Finding finding = scene.finding();

    // Then
    assertThat(finding.code()).hasToString("migration.partial");
    assertThat(finding.message()).contains("001 is recorded beside 002");
    assertThat(alembic("upgrade", "head").output()).contains("overlaps");
  }

  @Test
  void anotherTableInAnotherSchemaIsFoundByItsColumn() {
    // Given
    alembic("upgrade", "head").succeeded();
    scene.sql(
        "CREATE SCHEMA \"App\"",
        "ALTER TABLE alembic_version SET SCHEMA \"App\"",
        "ALTER TABLE \"App\".alembic_version RENAME TO \"Schema Version\"");

    // When
    HistoryState history = scene.history();

    // Then
    assertThat(history.table()).contains("\"App\".\"Schema Version\"");
    assertThat(history.atHead()).isTrue();
  }
}
