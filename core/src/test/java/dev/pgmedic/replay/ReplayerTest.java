package dev.pgmedic.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmedic.catalog.VersionObjects;
import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.check.KnownGoodLookup;
import dev.pgmedic.check.Observation;
import dev.pgmedic.migration.SqlMigration;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.Migrations;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import dev.pgmedic.testing.Checks;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SQL files are replayed version by version, and judge a target that was broken before. */
@Timeout(180)
class ReplayerTest {

  private final Vertx vertx = Vertx.vertx();
  private final Checks checks = new Checks(vertx);
  private final PostgresUrl url = TestDatabases.fresh();
  @TempDir private Path folder;

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private void file(String name, String sql) throws IOException {
    Files.writeString(folder.resolve(name), sql);
  }

  private void project() throws IOException {
    file(
        "001_base.sql",
        "CREATE TABLE person (id int PRIMARY KEY); CREATE VIEW old AS SELECT 1 AS n");
    file(
        "002_mood.sql",
        "CREATE TYPE mood AS ENUM ('good', 'bad'); DROP VIEW old;"
            + " ALTER TABLE person ADD mood mood NOT NULL DEFAULT 'good'");
    file(
        "003_index.sql",
        "CREATE INDEX CONCURRENTLY person_mood ON person (mood);"
            + " ALTER TYPE mood ADD VALUE 'fair'; GRANT SELECT ON person TO postgres");
    file(
        "004_visit.sql",
        "CREATE TABLE visit (id bigint PRIMARY KEY, at timestamptz DEFAULT now());"
            + " CREATE TABLE room (id int PRIMARY KEY)");
  }

  private Target target() {
    Target plain = Target.of("shop", url);
    return plain.withDirectory(Optional.of(folder));
  }

  /** Records the first of the files as applied, as the tool does, and lets their SQL run. */
  private void migrate(int count) throws IOException {
    List<SqlMigration> migrations =
        SqlMigration.readAll(folder).subList(0, count).stream().toList();
    TestDatabases.run(
        url,
        "CREATE TABLE IF NOT EXISTS pgmedic_migrations (version text PRIMARY KEY,"
            + " name text NOT NULL, sha256 text NOT NULL,"
            + " applied_at timestamptz NOT NULL DEFAULT now())");
    for (SqlMigration migration : migrations) {
      for (String statement : migration.sql().split(";", -1)) {
        TestDatabases.run(url, statement);
      }
      TestDatabases.run(url, recorded(migration));
    }
  }

  private static String recorded(SqlMigration migration) {
    return "INSERT INTO pgmedic_migrations VALUES ('%s', '%s', '%s')"
        .formatted(migration.version(), migration.name(), migration.sha256());
  }

  private Observation seen() {
    return checks.run(target(), KnownGoodLookup.NONE).observation().orElseThrow();
  }

  private Judgement judged() throws IOException {
    Observation seen = seen();
    Course course = Course.of(seen.history(), Optional.of(folder)).orElseThrow();
    Replayed replayed =
        new Replayer(vertx, new ScratchHere())
            .replay(course, Migrations.DETECTED, Deadlines.DEFAULT, List.of("app", "postgres"))
            .await();
    return Judgement.of(seen, TestDatabases.majorVersion(), replayed);
  }

  private List<String> found(Judgement judgement) {
    Diagnosis diagnosis =
        checks.run(target(), version -> Future.succeededFuture(Optional.of(judgement.knownGood())));
    return diagnosis.findings().stream().map(Checks::text).toList();
  }

  @Test
  void tellsWhatEachVersionMakesAndThatAHealthyTargetHasIt() throws IOException {
    // Given
    project();
    migrate(3);

    // When
    Judgement judgement = judged();

    // Then
    assertThat(judgement.agrees()).isTrue();
    assertThat(judgement.exact()).isTrue();
    assertThat(judgement.knownGood().versions())
        .extracting(VersionObjects::version)
        .containsExactly("001", "002", "003", "004");
    assertThat(judgement.knownGood().versions().get(0).creates())
        .extracting(key -> key.kind() + " " + key.identity())
        .contains("table public.person", "column public.person.id")
        .doesNotContain("view public.old");
    assertThat(judgement.knownGood().versions().get(3).creates())
        .extracting(key -> key.identity())
        .contains("public.visit", "public.room");
    assertThat(found(judgement)).containsExactly("migration.pending public.pgmedic_migrations");
  }

  @Test
  void whatWasBrokenBeforeTheFirstLookIsFound() throws IOException {
    // Given
    project();
    migrate(4);
    TestDatabases.run(
        url,
        "DROP TABLE visit",
        "ALTER TABLE person ALTER mood DROP DEFAULT",
        "CREATE TABLE stray (id int)");

    // When
    Judgement judgement = judged();

    // Then
    assertThat(judgement.agrees()).isFalse();
    assertThat(found(judgement))
        .containsExactlyInAnyOrder(
            "table.missing public.visit",
            "schema.drift public.person.mood",
            "schema.drift public.stray");
    assertThat(judgement.knownGood().script()).contains("visit").doesNotContain("pgmedic_replay_");
  }

  @Test
  void objectsWithoutARecordAreOnePartialVersion() throws IOException {
    // Given
    project();
    migrate(3);
    TestDatabases.run(url, "CREATE TABLE room (id int PRIMARY KEY)");

    // When
    List<String> half = found(judged());
    TestDatabases.run(
        url, "CREATE TABLE visit (id bigint PRIMARY KEY, at timestamptz DEFAULT now())");
    List<String> whole = found(judged());

    // Then
    assertThat(half).containsExactly("migration.partial public.pgmedic_migrations 004");
    assertThat(whole).isEqualTo(half);
  }

  @Test
  void aRecordWithoutObjectsIsOnePartialVersion() throws IOException {
    // Given
    project();
    migrate(3);
    TestDatabases.run(url, recorded(SqlMigration.readAll(folder).get(3)));

    // When
    List<String> found = found(neverSeen(judged()));

    // Then
    assertThat(found).containsExactly("migration.partial public.pgmedic_migrations 004");
  }

  // No check ever saw rows of what was never made.
  private static Judgement neverSeen(Judgement judgement) {
    assertThat(judgement.knownGood().rows()).doesNotContainKeys("public.visit", "public.room");
    return judgement;
  }

  @Test
  void aFileThatFailsSaysWhichAndATargetIsNeverConnectedTo() throws IOException {
    // Given
    project();
    migrate(4);
    Course course = Course.of(seen().history(), Optional.of(folder)).orElseThrow();
    file("002_mood.sql", "CREATE TABLE person (id int)");

    // When
    Future<Replayed> replay =
        new Replayer(vertx, new ScratchHere())
            .replay(course, Migrations.DETECTED, Deadlines.DEFAULT, List.of());

    // Then
    assertThatThrownBy(replay::await)
        .isInstanceOf(ReplayFailed.class)
        .hasMessageContaining("002")
        .hasMessageContaining("already exists");
  }

  @Test
  void filesThatAreNotWhatWasAppliedAreNotReplayed() throws IOException {
    // Given
    project();
    migrate(4);
    file("002_mood.sql", "SELECT 1");

    // When
    Optional<Course> course = Course.of(seen().history(), Optional.of(folder));

    // Then
    assertThat(course).isEmpty();
  }
}
