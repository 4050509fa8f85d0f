package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pgmedic.check.HealthReport;
import dev.pgmedic.check.HealthReport.Facts;
import dev.pgmedic.json.Json;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TcpProxy;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code pgmedic check} in a process of its own: what people read, and what gates rely on. */
@Timeout(120)
class CheckCommandTest {

  private static final String NOBODY = "postgresql://me@127.0.0.1:1/mydb";

  private final PostgresUrl url = TestDatabases.fresh();
  @TempDir private Path folder;

  private Path file(Map<String, String> targets) throws IOException {
    StringBuilder text = new StringBuilder("targets:\n");
    targets.forEach(
        (name, rest) -> text.append("  ").append(name).append(": {").append(rest).append("}\n"));
    return Files.writeString(folder.resolve("pgmedic.yaml"), text);
  }

  private String url() {
    return "url: \"" + url.reveal() + "\"";
  }

  @Test
  void aTableTellsTheStateOfEveryTargetAndBelowItEachIssueIsOneLine() throws IOException {
    // Given
    TestDatabases.run(
        url,
        "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL)",
        "INSERT INTO alembic_version VALUES ('005')",
        "CREATE TYPE voice AS ENUM ('a', 'b')");
    Path file =
        file(
            new java.util.TreeMap<>(
                Map.of(
                    "alpha", url() + ", expect: {tables: [users], enums: {voice: [a, b, c]}}",
                    "beta", "url: " + TestDatabases.fresh().reveal(),
                    "gamma", "url: " + NOBODY)));

    // When
    OneShot all = OneShot.run(folder, "check", "-c", file.toString());
    OneShot alpha = OneShot.run(folder, "check", "-c", file.toString(), "--target", "alpha");

    // Then
    List<String> rows = all.out().lines().limit(4).map(row -> row.replaceAll(" +", " ")).toList();
    assertThat(rows.get(0)).isEqualTo("TARGET STATE VERSION HEAD TOOK ISSUES");
    assertThat(rows.get(1)).matches("alpha unhealthy alembic 005 - \\S+ 1 critical, 1 high");
    assertThat(rows.get(2)).matches("beta healthy - - \\S+ none");
    assertThat(rows.get(3)).matches("gamma unreachable - - \\S+ 1 critical");
    assertThat(all.out().lines())
        .contains(
            "  critical  table.missing: public.users is gone; expect.tables names it",
            "  high      enum.value-missing: public.voice lacks [c]",
            "            -> Add [c] to public.voice",
            "            reason  Connection refused: /127.0.0.1:1")
        .doesNotContain("            found       a, b");
    assertThat(all.code()).isEqualTo(Pgmedic.UNREACHABLE);
    assertThat(alpha.code()).isEqualTo(Pgmedic.UNHEALTHY);
    assertThat(alpha.out()).doesNotContain("gamma");
  }

  @Test
  void evidenceIsShownOnRequestAndNoNameOfTheDatabaseReachesTheTerminalAsItIs() throws IOException {
    // Given
    TestDatabases.run(
        url,
        "CREATE TABLE \"evil\u001b[2J\" (a int)",
        "ALTER TABLE \"evil\u001b[2J\" ADD CONSTRAINT c CHECK (a > 0) NOT VALID");
    Path file = file(Map.of("shop", url() + ", expect: {enums: {voice: [a, b]}}"));

    // When
    OneShot ended = OneShot.run(folder, "check", "-c", file.toString(), "--verbose");

    // Then
    assertThat(ended.out())
        .contains("info      constraint.not-valid: public.\"evil\\u{1b}[2J\".c is NOT VALID")
        .contains("            known_good  expect")
        .doesNotContain("\u001b");
  }

  @Test
  void colourIsForTerminalsAndForWhoAsksForIt() throws IOException {
    // Given
    Path file = file(Map.of("shop", url() + ", expect: {tables: [users]}"));

    // When
    OneShot piped = OneShot.run(folder, "check", "-c", file.toString());
    OneShot asked = OneShot.run(folder, "check", "-c", file.toString(), "--color", "always");

    // Then
    assertThat(piped.out()).contains("critical").doesNotContain("\u001b");
    assertThat(asked.out())
        .contains("\u001b[1;31munhealthy\u001b[m", "\u001b[1;31mcritical\u001b[m");
    assertThat(withoutTime(asked.out().replaceAll("\u001b\\[[0-9;]*m", "")))
        .isEqualTo(withoutTime(piped.out()));
  }

  private static String withoutTime(String text) {
    return text.replaceAll("\\d+(\\.\\d)?m?s", "TIME").replaceAll(" +", " ");
  }

  @Test
  void aTerminalOfEightyColumnsIsEnough() throws IOException {
    // Given
    assumeTrue(System.getProperty("os.name").equals("Linux"), "script of util-linux is not here");
    Path file = file(Map.of("shop", url() + ", expect: {tables: [a_table_with_a_long_name]}"));

    // When
    OneShot ended = OneShot.onTerminal(folder, "check", "-c", file.toString());

    // Then
    assertThat(ended.out()).contains("\u001b[1;31mcritical\u001b[m", "\n            -> ");
    assertThat(ended.out().replaceAll("\u001b\\[[0-9;]*m", "").lines())
        .hasSizeGreaterThan(6)
        .allMatch(line -> line.length() <= 80);
    assertThat(ended.code()).isEqualTo(Pgmedic.UNHEALTHY);
  }

  @Test
  void jsonIsTheHealthReportOfTheApi() throws IOException {
    // Given
    Path file =
        file(
            new java.util.TreeMap<>(
                Map.of(
                    "alpha", url() + ", expect: {enums: {voice: [a]}}", "beta", "url: " + NOBODY)));
    JsonObject report =
        new JsonObject(
            Json.write(
                HealthReport.of("a", Facts.NONE, List.of(), Optional.empty(), Instant.EPOCH)));

    // When
    OneShot one =
        OneShot.run(folder, "check", "-c", file.toString(), "--target", "alpha", "--json");
    OneShot all = OneShot.run(folder, "check", "-c", file.toString(), "--json");

    // Then
    JsonObject alpha = new JsonObject(one.out());
    assertThat(alpha.fieldNames()).isEqualTo(report.fieldNames());
    assertThat(alpha.getJsonArray("issues"))
        .containsExactly("enum.missing: public.voice is gone; expect.enums names it");
    JsonObject detail = alpha.getJsonArray("issue_details").getJsonObject(0);
    assertThat(detail.getString("code")).isEqualTo("enum.missing");
    assertThat(detail.containsKey("id")).isTrue();
    assertThat(detail.getValue("id")).isNull();
    JsonObject both = new JsonObject(all.out());
    assertThat(both.getBoolean("healthy")).isFalse();
    JsonArray targets = both.getJsonArray("targets");
    assertThat(targets.getJsonObject(0).getString("target")).isEqualTo("alpha");
    assertThat(targets.getJsonObject(1).getBoolean("healthy")).isFalse();
    assertThat(all.code()).isEqualTo(Pgmedic.UNREACHABLE);
  }

  @Test
  void theExitCodeFollowsFailOn() throws IOException {
    // Given: a NOT VALID constraint is worth an info
    TestDatabases.run(
        url,
        "CREATE TABLE users (id int)",
        "ALTER TABLE users ADD CONSTRAINT c CHECK (id > 0) NOT VALID");

    // When
    OneShot usual = OneShot.run(folder, "check", "--url", url.reveal());
    OneShot strict = OneShot.run(folder, "check", "--url", url.reveal(), "--fail-on", "info");
    OneShot unknown = OneShot.run(folder, "check", "--url", url.reveal(), "--fail-on", "any");

    // Then
    assertThat(usual.out()).contains("constraint.not-valid");
    assertThat(usual.code()).isZero();
    assertThat(strict.code()).isEqualTo(Pgmedic.UNHEALTHY);
    assertThat(unknown.code()).isEqualTo(Pgmedic.USAGE);
  }

  @Test
  void aDatabaseThatWasNotSeenInTimePassesNoGate() throws IOException {
    // Given
    try (TcpProxy proxy = TcpProxy.before(url).stallsAt("pg_control_system")) {
      Path file =
          file(Map.of("shop", "url: " + proxy.url().reveal() + ", deadlines: {check: 300ms}"));

      // When
      OneShot ended = OneShot.run(folder, "check", "-c", file.toString());
      OneShot json = OneShot.run(folder, "check", "-c", file.toString(), "--json");

      // Then
      assertThat(ended.out()).contains("unreachable", "connection.slow");
      assertThat(ended.code()).isEqualTo(Pgmedic.UNREACHABLE);
      assertThat(new JsonObject(json.out()).getBoolean("healthy")).isFalse();
    }
  }
}
