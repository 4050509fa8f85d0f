package dev.pgmedic.history;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmedic.history.tool.RecordState;
import dev.pgmedic.issue.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Flyway itself leaves in a database. */
@Timeout(180)
class FlywayTest {

  @TempDir private Path folder;

  private final HistoryScene scene = new HistoryScene();

  @BeforeEach
  void project() {
    scene
        .project(folder)
        .file("sql/V1__first.sql", "CREATE TABLE users (id int);", "-- ${nobody}")
        .file("sql/V1_2__second one.sql", "CREATE TABLE orders (id int);")
        .file("sql/R__big_orders.sql", "CREATE OR REPLACE VIEW big_orders AS TABLE orders;");
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private void flyway() {
    flyway(settings -> settings);
  }

  private void flyway(UnaryOperator<FluentConfiguration> settings) {
    var unused = settings.apply(configuration()).load().migrate();
  }

  private FluentConfiguration configuration() {
    String jdbc =
        "jdbc:postgresql://%s:%d/%s"
            .formatted(scene.url().host(), scene.url().port(), scene.url().database());
    return Flyway.configure()
        .dataSource(jdbc, scene.url().user(), "")
        .locations("filesystem:" + folder)
        .placeholders(Map.of("nobody", "somebody"))
        .sqlMigrationSuffixes(".sql");
  }

  // With its default lock Flyway rolls the failed row back.
  private static FluentConfiguration withLockOfTheSession(FluentConfiguration settings) {
    settings
        .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
    return settings;
  }

  @Test
  void aDatabaseThatIsAtItsFilesHasNoFault() {
    // Given
    flyway();

    // When
    HistoryState history = scene.history();

    // Then
    assertThat(history.tool()).contains("flyway");
    assertThat(history.version()).contains("1.2");
    assertThat(history.head()).contains("1.2");
    assertThat(history.versions()).containsExactly("1", "1.2", "R__big orders");
    assertThat(history.atHead()).isTrue();
    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void aNewFileIsPendingAndTenIsNewerThanNine() {
    // Given
    flyway();
    scene.file("sql/V1.10__later.sql", "SELECT 1;").file("sql/V1.9__late.sql", "SELECT 1;");

    // When
    Finding finding = scene.finding();

    // Then
    assertThat(finding.code()).hasToString("migration.pending");
    assertThat(finding.subject()).isEqualTo("public.flyway_schema_history");
    assertThat(finding.evidence())
        .containsEntry("pending", List.of("1.9", "1.10"))
        .containsEntry("head", "1.10")
        .doesNotContainKey("passed_over");
  }

  @Test
  void anOlderFileThatCameLateIsNamedAsPassedOver() {
    // Given
    flyway();
    scene.file("sql/V1.1__between.sql", "SELECT 1;");

    // When
    Finding finding = scene.finding();

    // Then
    assertThat(finding.code()).hasToString("migration.pending");
    assertThat(finding.evidence()).containsEntry("passed_over", List.of("1.1"));
    assertThat(finding.recommendation()).contains("out of order");
  }

  @Test
  void aChangedFileIsToldByItsChecksum() {
    // Given
    flyway();
    scene.file("sql/V1__first.sql", "CREATE TABLE users (id bigint);");

    // When
    Finding finding = scene.finding();

    // Then
    assertThat(finding.code()).hasToString("migration.checksum");
    assertThat(finding.message()).contains("V1__first.sql");
    assertThatThrownBy(this::flyway)
        .isInstanceOf(FlywayException.class)
        .hasMessageContaining(checksum(finding, "recorded"))
        .hasMessageContaining(checksum(finding, "on_disk"));
  }

  // Flyway's own complaint shows both numbers.
  private static String checksum(Finding finding, String which) {
    List<?> changed = (List<?>) finding.evidence().get("changed");
    return String.valueOf(((Map<?, ?>) changed.get(0)).get(which));
  }

  @Test
  void lineEndsAndAByteOrderMarkAreNoChange() throws IOException {
    // Given
    flyway();
    Path file = folder.resolve("sql/V1__first.sql");
    Files.writeString(file, "\uFEFF" + Files.readString(file).replace("\n", "\r\n"));

    // When
    List<String> findings = scene.findings();

    // Then
    assertThat(findings).isEmpty();
  }

  @Test
  void aFileInAnotherEncodingIsNoChange() throws IOException {
    // Given
    Files.write(
        folder.resolve("sql/V2__umlaut.sql"),
        "CREATE TABLE raum (name text DEFAULT 'K\u00fcche');".getBytes(ISO_8859_1));
    flyway(settings -> settings.encoding(ISO_8859_1));

    // When
    List<String> findings = scene.findings();

    // Then
    assertThat(findings).isEmpty();
  }

  @Test
  void aRepeatableFileThatChangedIsPendingAndNoFault() {
    // Given
    flyway();
    scene.file(
        "sql/R__big_orders.sql", "CREATE OR REPLACE VIEW big_orders AS SELECT * FROM orders;");

    // When
    Finding finding = scene.finding();

    // Then
    assertThat(finding.code()).hasToString("migration.pending");
    assertThat(finding.evidence()).containsEntry("pending", List.of("R__big orders"));
  }

  @Test
  void aFailedScriptOutsideATransactionLeavesARecordThatNamesIt() {
    // Given
    scene
        .file("sql/V2__half.sql", "CREATE TABLE half (id int);", "SELECT 1/0;")
        .file("sql/V2__half.sql.conf", "executeInTransaction=false")
        .file("sql/V3__waits.sql", "SELECT 1;");
    assertThatThrownBy(() -> flyway(FlywayTest::withLockOfTheSession))
        .isInstanceOf(FlywayException.class)
        .hasMessageContaining("division by zero");

    // When
    Finding finding = scene.finding();

    // Then
    assertThat(finding.code()).hasToString("migration.failed");
    assertThat(finding.subject()).isEqualTo("public.flyway_schema_history 2");
    assertThat(finding.evidence())
        .containsEntry("script", "sql/V2__half.sql")
        .containsEntry("version", "2")
        .containsKeys("at", "checksum");
    assertThat(scene.history().version()).contains("1.2");
    assertThat(scene.history().atHead()).isFalse();
  }

  @Test
  void aVersionWhoseFileIsGoneIsUnknownUntilItIsDeclaredDeleted() throws IOException {
    // Given
    flyway();
    Files.delete(folder.resolve("sql/V1__first.sql"));
    Finding before = scene.finding();

    // When
    var unused = configuration().load().repair();

    // Then
    assertThat(before.code()).hasToString("migration.unknown-version");
    assertThat(before.evidence()).containsEntry("unknown", List.of("1"));
    assertThat(scene.history().versions()).containsExactly("1.2", "R__big orders");
    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void whatABaselineStandsForIsNotPending() {
    // Given
    flyway(settings -> settings.baselineVersion("1.2").baselineOnMigrate(true));
    scene.sql("DROP TABLE flyway_schema_history").sql("CREATE TABLE before (id int)");
    flyway(settings -> settings.baselineVersion("1.2").baselineOnMigrate(true));

    // When
    HistoryState history = scene.history();

    // Then
    assertThat(history.records())
        .first()
        .extracting(RecordState::entry)
        .returns("1.2", entry -> entry.version())
        .extracting(entry -> entry.kind().orElseThrow())
        .isEqualTo("BASELINE");
    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void anotherTableInAnotherSchemaIsFoundByItsColumns() {
    // Given
    flyway(settings -> settings.schemas("Mein Schema").table("Verlauf"));

    // When
    HistoryState history = scene.history();

    // Then
    assertThat(history.table()).contains("\"Mein Schema\".\"Verlauf\"");
    assertThat(history.version()).contains("1.2");
    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void aMigrationInJavaHasNoFileAndIsNotMissed() {
    // Given
    flyway();
    scene.sql(
        "INSERT INTO flyway_schema_history VALUES"
            + " (9, '1.5', 'in java', 'JDBC', 'db.V1_5__In_java', NULL, 'me', now(), 5, true)");

    // When
    List<String> findings = scene.findings();

    // Then
    assertThat(findings).isEmpty();
    assertThat(scene.history().version()).contains("1.5");
  }

  @Test
  void twoFilesOfOneVersionAreAConflict() {
    // Given
    flyway();
    scene.file("sql/V1.02__same.sql", "SELECT 1;");

    // When
    Finding finding = scene.finding();

    // Then
    assertThat(finding.code()).hasToString("migration.multiple-heads");
    assertThat(finding.message()).contains("V1.02__same.sql", "V1_2__second one.sql");
    assertThatThrownBy(this::flyway).hasMessageContaining("more than one migration");
  }
}
