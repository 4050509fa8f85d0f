package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.PgBouncer;
import dev.pgmedic.testing.TcpProxy;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code pgmedic doctor}: it names each thing that is missing, and what it names heals. */
@Timeout(120)
class DoctorCommandTest {

  private final PostgresUrl url = TestDatabases.fresh();
  @TempDir private Path folder;

  private record Seen(String part, String name, String state, JsonArray fix) {
    static Stream<Seen> of(JsonObject part) {
      return part.getJsonArray("probes").stream()
          .map(JsonObject.class::cast)
          .map(probe ->
              new Seen(
                  part.getString("part"),
                  probe.getString("name"),
                  probe.getString("state"),
                  probe.getJsonArray("fix")));
    }

    String text() {
      return part + " " + name;
    }
  }

  private static List<Seen> seen(OneShot doctor) {
    JsonObject document = new JsonObject(doctor.out());
    return Stream.concat(
            document.getJsonArray("targets").stream()
                .map(JsonObject.class::cast)
                .flatMap(target -> target.getJsonArray("parts").stream()),
            Stream.of(document.getJsonObject("store")))
        .map(JsonObject.class::cast)
        .flatMap(Seen::of)
        .toList();
  }

  private static List<String> in(String state, List<Seen> seen) {
    return seen.stream().filter(one -> one.state().equals(state)).map(Seen::text).toList();
  }

  private Path file(PostgresUrl monitor, PostgresUrl recovery, String more) throws IOException {
    return Files.writeString(
        folder.resolve("pgmedic.yaml"),
        "targets:\n  shop:\n    url: \"%s\"\n    recovery: {url: \"%s\"}\n%s"
            .formatted(monitor.reveal(), recovery.reveal(), more));
  }

  @Test
  void exactlyTheGrantsThatItPrintsGiveAllThatIsMissing() throws IOException {
    // Given: two bare roles, an owner without his schema, and nothing left of what PUBLIC may do
    String owner = TestDatabases.role(url);
    String monitor = TestDatabases.role(url);
    String worker = TestDatabases.role(url);
    TestDatabases.run(
        url,
        "CREATE SCHEMA app",
        "CREATE TABLE app.alembic_version (version_num varchar(32) NOT NULL)",
        "CREATE TABLE app.databasechangeloglock (id int PRIMARY KEY, locked boolean, lockgranted"
            + " timestamp, lockedby varchar(255))",
        "INSERT INTO app.alembic_version VALUES ('005')",
        "ALTER TABLE app.alembic_version OWNER TO " + owner,
        "ALTER TABLE app.databasechangeloglock OWNER TO " + owner,
        "REVOKE CONNECT ON DATABASE " + url.database() + " FROM PUBLIC",
        "REVOKE EXECUTE ON FUNCTION pg_control_system(), pg_try_advisory_lock(int8) FROM PUBLIC");
    Path config = file(TestDatabases.as(url, monitor), TestDatabases.as(url, worker), "");

    // When: what it prints is run, until it has no more to say
    OneShot outside = OneShot.run(folder, "doctor", "-c", config.toString(), "--json");
    applied(seen(outside));
    OneShot inside = OneShot.run(folder, "doctor", "-c", config.toString(), "--json");
    applied(seen(inside));
    OneShot healed = OneShot.run(folder, "doctor", "-c", config.toString(), "--json");

    // Then
    assertThat(in("failed", seen(outside))).containsExactly("monitor login", "recovery login");
    assertThat(outside.code()).isEqualTo(Pgmedic.UNREACHABLE);
    assertThat(in("missing", seen(inside)))
        .containsExactly(
            "monitor sessions",
            "monitor identity",
            "monitor table",
            "monitor table",
            "monitor history",
            "recovery sessions",
            "recovery signal",
            "recovery quarantine",
            "recovery lock",
            "recovery owner",
            "recovery create");
    assertThat(inside.code()).isEqualTo(Pgmedic.UNHEALTHY);
    assertThat(in("missing", seen(healed))).isEmpty();
    assertThat(in("warning", seen(healed))).containsExactly("files directory");
    assertThat(healed.code()).isZero();
    Set<String> promised = JsonNames.of(JsonNames.example("doctor.md"));
    promised.addAll(
        Stream.of("name", "state", "found", "without", "fix")
            .map(name -> ".store.probes." + name)
            .toList());
    assertThat(JsonNames.of(new JsonObject(inside.out()))).isEqualTo(promised);
  }

  private void applied(List<Seen> seen) throws IOException {
    String script =
        seen.stream()
            .filter(one -> !one.state().equals("ok"))
            .flatMap(one -> one.fix().stream().map(String::valueOf))
            .filter(line -> line.endsWith(";"))
            .reduce("\\set ON_ERROR_STOP on\n", (all, line) -> all + line + "\n");
    Psql ended = Psql.run(folder, url, script);
    assertThat(ended.code()).as(ended.said()).isZero();
  }

  @Test
  void whatIsWrongWithTheFileIsToldBesideWhatIsWrongWithTheServer() throws IOException {
    // Given
    Path config =
        file(
            url,
            PostgresUrl.parse("postgresql://me@127.0.0.1:1/shop"),
            "    migrations: {tool: alembic, directory: nowhere, upgrade: [no-such-tool, up]}\n");

    // When
    OneShot json = OneShot.run(folder, "doctor", "-c", config.toString(), "--json");
    OneShot text = OneShot.run(folder, "doctor", "-c", config.toString());

    // Then
    assertThat(in("failed", seen(json))).containsExactly("recovery tcp");
    assertThat(in("missing", seen(json)))
        .containsExactly("monitor files", "files directory", "files upgrade");
    assertThat(in("warning", seen(json))).containsExactly("monitor login", "monitor history");
    assertThat(json.code()).isEqualTo(Pgmedic.UNREACHABLE);
    assertThat(text.out().lines())
        .contains(
            "  failed   tcp           Connection refused: /127.0.0.1:1",
            "  missing  upgrade       cannot run \"no-such-tool\": there is no such file in the"
                + " folders of PATH",
            "           -> migrations: {directory: ...}   # relative to the file",
            "2 warnings, 3 missing, 1 failed");
  }

  @Test
  void rowsThatAPolicyMayHideAreNotTakenForSeen() throws IOException {
    // Given
    String monitor = TestDatabases.role(url, "pg_monitor");
    TestDatabases.run(
        url,
        "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL)",
        "GRANT SELECT ON alembic_version TO " + monitor,
        "ALTER TABLE alembic_version ENABLE ROW LEVEL SECURITY");

    // When
    OneShot ended =
        OneShot.run(folder, "doctor", "--url", TestDatabases.as(url, monitor).reveal(), "--json");

    // Then
    assertThat(in("missing", seen(ended))).containsExactly("monitor table", "monitor history");
    assertThat(ended.out()).contains("Its row security hides rows");
    assertThat(ended.code()).isEqualTo(Pgmedic.UNHEALTHY);
  }

  @Test
  void aServerThatFallsSilentEndsTheVisitAndNothingElse() throws IOException {
    // Given
    try (TcpProxy proxy = TcpProxy.before(url).stallsAt("pg_locks")) {
      Path config =
          file(
              proxy.url(),
              url,
              "    deadlines: {check: 1s}\nstore: {url: \"" + url.reveal() + "\"}\n");

      // When
      OneShot ended = OneShot.run(folder, "doctor", "-c", config.toString(), "--json");

      // Then
      assertThat(in("failed", seen(ended))).containsExactly("monitor answer");
      assertThat(in("ok", seen(ended)))
          .contains("monitor sessions", "monitor catalog", "recovery lock", "store schema");
      assertThat(ended.code()).isEqualTo(Pgmedic.UNREACHABLE);
    }
  }

  @Test
  void aPoolerIsNotTakenForTheServer() throws IOException {
    // Given
    assumeThat(PgBouncer.program())
        .as("PgBouncer is not installed here (Debian's package is called pgbouncer)")
        .isPresent();
    try (PgBouncer pooler = PgBouncer.inFrontOf(url, PgBouncer.Settings.TRANSACTION)) {
      Path config = file(url, pooler.url(), "");

      // When
      OneShot ended = OneShot.run(folder, "doctor", "-c", config.toString(), "--json");

      // Then
      Seen direct =
          seen(ended).stream()
              .filter(one -> one.text().equals("recovery direct"))
              .findFirst()
              .orElseThrow();
      assertThat(direct.state()).isEqualTo("failed");
      assertThat(direct.fix())
          .containsExactly(
              "recovery: {url: postgresql://...}   # the server itself, not the pooler");
      assertThat(in("ok", seen(ended))).contains("monitor direct");
    }
  }

  @Test
  void itChangesNothing() throws IOException {
    // Given
    String state =
        "SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM (SELECT a.*, c.relacl FROM"
            + " pg_class c JOIN pg_attribute a ON a.attrelid = c.oid) t";
    List<String> before = TestDatabases.query(url, state);

    // When
    OneShot ended =
        OneShot.run(
            folder,
            "doctor",
            "-c",
            file(url, url, "store: {url: \"" + url.reveal() + "\"}\n").toString());

    // Then
    assertThat(ended.code()).isZero();
    assertThat(TestDatabases.query(url, state)).isEqualTo(before);
    assertThat(
            TestDatabases.query(
                url, "SELECT 1 FROM pg_stat_activity WHERE application_name = 'pgmedic-doctor'"))
        .isEmpty();
  }
}
