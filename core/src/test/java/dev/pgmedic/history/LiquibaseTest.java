package dev.pgmedic.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmedic.history.tool.MigrationTools;
import dev.pgmedic.issue.Finding;
import dev.pgmedic.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.resource.DirectoryResourceAccessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Liquibase itself leaves in a database. */
@Timeout(180)
class LiquibaseTest {

  @TempDir private Path folder;

  private final HistoryScene scene = new HistoryScene();

  @AfterEach
  void close() {
    scene.close();
  }

  private void update(String changelog) {
    var connection = new JdbcConnection(TestDatabases.connect(scene.url()));
    try (var files = new DirectoryResourceAccessor(folder);
        var liquibase = new Liquibase(changelog, files, connection)) { // it closes the connection
      liquibase.update(new Contexts("none"), new LabelExpression());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void formatted() {
    scene
        .project(folder)
        .file(
            "changelog.sql",
            "--liquibase formatted sql",
            "--changeset me:1",
            "CREATE TABLE users (id int);",
            "--changeset \"some one\":2 context:test",
            "CREATE TABLE only_in_tests (id int);",
            "--changeset me:3",
            "CREATE TABLE orders (id int);");
  }

  @Test
  void aDatabaseThatIsAtItsFormattedSqlHasNoFault() {
    // Given
    formatted();
    update("changelog.sql");

    // When
    HistoryState history = scene.history();

    // Then
    assertThat(history.tool()).contains("liquibase");
    assertThat(history.version()).contains("changelog.sql::3::me");
    assertThat(history.versions()).containsExactly("changelog.sql::1::me", "changelog.sql::3::me");
    assertThat(history.disk().orElseThrow().known()).hasSize(3);
    assertThat(history.atHead()).isTrue();
    assertThat(scene.findings()).isEmpty();
  }

  @Test
  void aNewChangeSetIsPendingButOneWithAContextIsNot() {
    // Given
    formatted();
    update("changelog.sql");
    scene.file(
        "changelog.sql",
        "--liquibase formatted sql",
        "--changeset me:1",
        "CREATE TABLE users (id int);",
        "--changeset me:3",
        "CREATE TABLE orders (id int);",
        "--changeset me:4",
        "SELECT 1;",
        "--changeset me:5",
        "--preconditions onFail:MARK_RAN",
        "SELECT 1;",
        "--changeset me:6 labels:later",
        "SELECT 1;");

    // When
    Finding finding = scene.finding();

    // Then
    assertThat(finding.code()).hasToString("migration.pending");
    assertThat(finding.evidence()).containsEntry("pending", List.of("changelog.sql::4::me"));
  }

  @Test
  void aFailedChangeSetLeavesNoRecordAndIsStillPending() {
    // Given
    formatted();
    update("changelog.sql");
    scene.file(
        "changelog.sql",
        "--liquibase formatted sql",
        "--changeset me:1",
        "CREATE TABLE users (id int);",
        "--changeset me:3",
        "CREATE TABLE orders (id int);",
        "--changeset me:4",
        "SELECT 1/0;");
    assertThatThrownBy(() -> update("changelog.sql"))
        .hasRootCauseInstanceOf(java.sql.SQLException.class);

    // When
    Finding finding = scene.finding();

    // Then
    assertThat(finding.code()).hasToString("migration.pending");
  }

  @ParameterizedTest
  @ValueSource(strings = {"xml", "yaml", "json"})
  void aTreeOfChangelogsIsReadInEachLanguage(String language) throws LiquibaseException {
    // Given
    scene.project(folder);
    tree(language);
    update("db/changelog/db.changelog-master." + language);

    // When
    HistoryState history = scene.history();

    // Then
    assertThat(history.versions()).hasSize(5);
    assertThat(history.disk().orElseThrow().known()).containsExactlyElementsOf(history.versions());
    assertThat(scene.findings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"xml, 9", "yaml, 5", "json, 7"})
  void aChangeSetIsItsOwnPartOfItsFile(String language, int line) throws IOException {
    // Given
    scene.project(folder);
    tree(language);
    String file = "db/changelog/db.changelog-master." + language;
    String last = file + "::1::you";

    // When
    MigrationTexts texts =
        MigrationTexts.apart(MigrationTools.find("liquibase").orElseThrow(), folder, List.of(last));

    // Then
    assertThat(texts.making(List.of("two"))).contains(new Mention(last, file, line));
    assertThat(texts.making(List.of("one"))).isEmpty();
  }

  private void tree(String language) {
    scene
        .file("db/changelog/more/a.sql", "CREATE TABLE plain (id int);")
        .file(
            "db/changelog/more/b.sql",
            "-- liquibase formatted sql logicalFilePath:elsewhere.sql",
            "-- changeset me:b",
            "CREATE TABLE b (id int);")
        .file("db/changelog/beside." + language, beside(language))
        .file("db/changelog/db.changelog-master." + language, master(language));
  }

  private static String master(String language) {
    return switch (language) {
      case "xml" ->
          xml(
              """
              <changeSet id="1" author="me"><sql>CREATE TABLE one (id int)</sql></changeSet>
              <include file="beside.xml" relativeToChangelogFile="true"/>
              <includeAll path="db/changelog/more"/>
              <changeSet id="1" author="you"><sql>CREATE TABLE two (id int)</sql></changeSet>\
              """);
      case "yaml" ->
          """
          databaseChangeLog:
            - changeSet: {id: 1, author: me, changes: [{sql: {sql: CREATE TABLE one (id int)}}]}
            - include: {file: beside.yaml, relativeToChangelogFile: true}
            - includeAll: {path: db/changelog/more}
            - changeSet: {id: 1, author: you, changes: [{sql: {sql: CREATE TABLE two (id int)}}]}
          """;
      default ->
          """
          {"databaseChangeLog": [
            {"changeSet": {"id": "1", "author": "me",
              "changes": [{"sql": {"sql": "CREATE TABLE one (id int)"}}]}},
            {"include": {"file": "beside.json", "relativeToChangelogFile": true}},
            {"includeAll": {"path": "db/changelog/more"}},
            {"changeSet": {"id": "1", "author": "you",
              "changes": [{"sql": {"sql": "CREATE TABLE two (id int)"}}]}}]}
          """;
    };
  }

  private static String beside(String language) {
    return switch (language) {
      case "xml" ->
          xml(
              """
              <changeSet id="1" author="me"><sql>CREATE TABLE beside (id int)</sql></changeSet>\
              """);
      case "yaml" ->
          """
          databaseChangeLog:
            - changeSet: {id: 1, author: me, changes: [{sql: {sql: CREATE TABLE beside (id int)}}]}
          """;
      default ->
          """
          {"databaseChangeLog": [{"changeSet": {"id": "1", "author": "me",
            "changes": [{"sql": {"sql": "CREATE TABLE beside (id int)"}}]}}]}
          """;
    };
  }

  private static String xml(String content) {
    return """
    <?xml version="1.0" encoding="UTF-8"?>
    <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
        xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog
          http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
    %s
    </databaseChangeLog>\
    """
        .formatted(content);
  }

  @Test
  void aPathThatBeginsElsewhereIsTheSameFile() {
    // Given: Spring records classpath:, the command line the folder that it runs in
    scene
        .project(folder)
        .file(
            "src/main/resources/db/changelog/db.changelog-master.sql",
            "--liquibase formatted sql",
            "--changeset me:1",
            "SELECT 1;")
        .staged("liquibase")
        .sql(
            "UPDATE databasechangelog SET filename ="
                + " 'classpath:/db/changelog/db.changelog-master.sql'");

    // When
    List<String> findings = scene.findings();

    // Then
    assertThat(findings).isEmpty();
  }

  @Test
  void whatWasRemovedFromTheStartOfTheChangelogIsPrunedAndWhatIsNewerIsUnknown() {
    // Given
    formatted();
    update("changelog.sql");
    scene.sql(
        "INSERT INTO databasechangelog (id, author, filename, dateexecuted, orderexecuted,"
            + " exectype) VALUES ('0', 'me', 'old.sql', '2020-01-01', 1, 'EXECUTED'), ('9', 'me',"
            + " 'changelog.sql', '2999-01-01', 9, 'EXECUTED')");

    // When
    Finding finding = scene.finding();

    // Then
    assertThat(finding.code()).hasToString("migration.unknown-version");
    assertThat(finding.evidence()).containsEntry("unknown", List.of("changelog.sql::9::me"));
  }

  @Test
  void aChangelogThatIsNoXmlIsSaidSoAndNoEntityIsFollowed() {
    // Given
    scene
        .project(folder)
        .staged("liquibase")
        .file(
            "changelog.xml",
            "<!DOCTYPE x [<!ENTITY secret SYSTEM \"file:///etc/hostname\">]>",
            "<databaseChangeLog>&secret;</databaseChangeLog>");

    // When
    Finding finding = scene.finding();

    // Then
    assertThat(finding.code()).hasToString("migration.history-missing");
    assertThat(finding.message()).contains("expected a changelog of Liquibase in", "changelog.xml");
    assertThat(scene.history().version()).isPresent();
  }
}
