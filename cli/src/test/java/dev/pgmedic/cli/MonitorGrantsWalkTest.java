package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.PgBouncer;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The way of somebody whose monitor's role has {@code pg_monitor} and nothing else: the doctor says
 * what is missing, the script of {@code pgmedic grants} is pasted into psql, and the doctor is
 * content, with or without a pooler in between.
 */
@Timeout(180)
class MonitorGrantsWalkTest {

  private final PostgresUrl url = TestDatabases.fresh();
  private final String role = TestDatabases.role(url, "pg_monitor");
  private final PostgresUrl monitor = TestDatabases.as(url, role);
  @TempDir private Path folder;

  static Stream<PgBouncer.Settings> poolers() {
    return Stream.of(
        PgBouncer.Settings.TRANSACTION,
        new PgBouncer.Settings(
            "transaction",
            List.of(
                "extra_float_digits",
                "search_path",
                "statement_timeout",
                "lock_timeout",
                "idle_in_transaction_session_timeout",
                "jit",
                "default_transaction_read_only")));
  }

  @BeforeEach
  void migrate() {
    TestDatabases.run(
        url,
        "CREATE SCHEMA app",
        "CREATE TABLE app.alembic_version (version_num varchar(32) NOT NULL)",
        "INSERT INTO app.alembic_version VALUES ('005')",
        "CREATE TABLE app.orders (id int PRIMARY KEY)");
  }

  private OneShot doctor(PostgresUrl through) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("pgmedic.yaml"),
            "targets: {shop: {url: \"%s\", migrations: {tool: alembic}}}\n"
                .formatted(through.reveal()));
    return OneShot.run(folder, "doctor", "-c", file.toString(), "--json");
  }

  private static List<JsonObject> probes(OneShot doctor) {
    JsonArray parts =
        new JsonObject(doctor.out()).getJsonArray("targets").getJsonObject(0).getJsonArray("parts");
    return parts.stream()
        .map(JsonObject.class::cast)
        .filter(part -> part.getString("part").equals("monitor"))
        .flatMap(part -> part.getJsonArray("probes").stream())
        .map(JsonObject.class::cast)
        .toList();
  }

  private static List<String> not(String state, OneShot doctor) {
    return probes(doctor).stream()
        .filter(probe -> !probe.getString("state").equals(state))
        .map(probe -> probe.getString("state") + " " + probe.getString("name"))
        .toList();
  }

  private static List<String> fixes(OneShot doctor) {
    return probes(doctor).stream()
        .filter(probe -> probe.getString("state").equals("missing"))
        .flatMap(probe -> probe.getJsonArray("fix").stream())
        .map(String::valueOf)
        .toList();
  }

  private void pasteTheScript() throws IOException {
    OneShot script =
        OneShot.run(folder, "grants", "--role", "monitor", "--name", role, "--url", url.reveal());
    assertThat(script.code()).as(script.err()).isZero();
    Psql ended = Psql.run(folder, url, script.out());
    assertThat(ended.code()).as(ended.said()).isZero();
  }

  private void itsGrantsHelp(OneShot before) {
    assertThat(before.code()).isEqualTo(Pgmedic.UNHEALTHY);
    assertThat(fixes(before))
        .containsExactly(
            "GRANT USAGE ON SCHEMA \"app\" TO \"" + role + "\";",
            "GRANT SELECT ON TABLE \"app\".\"alembic_version\" TO \"" + role + "\";");
  }

  @Test
  void theScriptGivesWhatTheDoctorMisses() throws IOException {
    // Given
    OneShot before = doctor(monitor);

    // When
    pasteTheScript();
    OneShot after = doctor(monitor);

    // Then
    itsGrantsHelp(before);
    assertThat(not("ok", before)).containsExactly("missing table", "missing history");
    assertThat(not("ok", after)).isEmpty();
    assertThat(after.out()).contains("alembic is at 005 in app.alembic_version");
    assertThat(after.code()).as(after.out()).isZero();
  }

  @ParameterizedTest
  @MethodSource("poolers")
  void theSameThroughAPoolerOfWhichTheDoctorWarns(PgBouncer.Settings settings) throws IOException {
    // Given
    assumeThat(PgBouncer.program())
        .as("PgBouncer is not installed here (Debian's package is called pgbouncer)")
        .isPresent();
    try (PgBouncer pooler = PgBouncer.inFrontOf(monitor, settings)) {
      OneShot before = doctor(pooler.url());

      // When
      pasteTheScript();
      OneShot after = doctor(pooler.url());
      OneShot check = OneShot.run(folder, "check", "--url", pooler.url().reveal(), "--json");

      // Then
      itsGrantsHelp(before);
      assertThat(not("ok", before))
          .containsExactly("warning direct", "missing table", "missing history");
      assertThat(not("ok", after)).containsExactly("warning direct");
      assertThat(after.code()).as(after.out()).isZero();
      assertThat(check.code()).as(check.out()).isZero();
      assertThat(new JsonObject(check.out()).getString("migration_version")).isEqualTo("005");
    }
  }
}
