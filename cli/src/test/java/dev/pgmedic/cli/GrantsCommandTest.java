package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code pgmedic grants}: its script, run by a real psql, gives what it says and no more. */
@Timeout(120)
class GrantsCommandTest {

  private final PostgresUrl url = TestDatabases.fresh();
  @TempDir private Path folder;

  private OneShot grants(String... arguments) throws IOException {
    String[] words = new String[arguments.length + 1];
    words[0] = "grants";
    System.arraycopy(arguments, 0, words, 1, arguments.length);
    return OneShot.run(folder, words);
  }

  private void applied(String script) throws IOException {
    Psql ended = Psql.run(folder, url, script);
    assertThat(ended.code()).as(ended.said()).isZero();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Test
  void theMonitorsScriptMakesARoleThatSeesTheVersionThroughOddNames() throws IOException {
    // Given
    String odd = "mon\"itor; DROP ROLE x --$pgmedic$\\ \u001b[2J";
    String name = odd + TestDatabases.role(url);
    TestDatabases.run(
        url,
        "CREATE SCHEMA \"o'dd \\ \"\"schema\n--\"",
        "CREATE TABLE \"o'dd \\ \"\"schema\n--\".\"älembic $pgmedic$ \\q \u001b[2J\""
            + " (version_num varchar(32) NOT NULL)",
        "INSERT INTO \"o'dd \\ \"\"schema\n"
            + "--\".\"älembic $pgmedic$ \\q \u001b[2J\" VALUES ('007')");

    // When: run twice
    OneShot script = grants("--role", "monitor", "--name", name, "--url", url.reveal());
    applied(script.out());
    applied(script.out());

    // Then
    String as =
        "postgresql://"
            + encoded(name)
            + "@"
            + url.host()
            + ":"
            + url.port()
            + "/"
            + url.database();
    OneShot check = OneShot.run(folder, "check", "--json", "--url", as);
    OneShot doctor = OneShot.run(folder, "doctor", "--json", "--url", as);
    assertThat(script.code()).isZero();
    assertThat(script.out()).contains("älembic");
    assertThat(script.out().chars().filter(c -> c < ' ' && c != '\n')).isEmpty();
    assertThat(new JsonObject(check.out()).getString("migration_version")).isEqualTo("007");
    assertThat(check.code()).isZero();
    assertThat(doctor.code()).as(doctor.out()).isZero();
    assertThat(
            TestDatabases.query(
                url,
                "SELECT rolsuper OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = '"
                    + name.replace("'", "''")
                    + "'"))
        .containsExactly("f");
    TestDatabases.run(url, "DROP OWNED BY " + quoted(name), "DROP ROLE " + quoted(name));
  }

  private static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  @Test
  void aPasswordIsNeverPrinted() throws IOException {
    // Given
    PostgresUrl secret = url.withPassword(java.util.Optional.of("hunter2-hunter2"));

    // When
    OneShot seen = grants("--role", "worker", "--url", secret.reveal());
    OneShot unseen =
        grants("--role", "worker", "--url", "postgresql://me:hunter2-hunter2@127.0.0.1:1/mydb");

    // Then
    assertThat(seen.out() + seen.err() + unseen.out() + unseen.err()).doesNotContain("hunter2");
    assertThat(seen.out()).contains("\\password \"pgmedic_recovery\"");
  }

  @Test
  void whatCouldNotBeLookedAtIsNamedInTheScript() throws IOException {
    // When
    OneShot monitor = grants("--role", "monitor", "--url", "postgresql://me@127.0.0.1:1/mydb");

    // Then
    assertThat(monitor.code()).isEqualTo(Pgmedic.UNREACHABLE);
    assertThat(monitor.out())
        .contains(
            "GRANT CONNECT ON DATABASE \"mydb\" TO \"pgmedic_monitor\";",
            "GRANT pg_monitor TO \"pgmedic_monitor\";",
            "-- NOT WHOLE, since the database could not be looked at",
            "--   GRANT SELECT ON TABLE <its history and lock tables> TO \"pgmedic_monitor\";");
    assertThat(monitor.err()).contains("the script has gaps");
  }

  @Test
  void theScriptOfOneDatabaseChangesNothingInAnother() throws IOException {
    // Given
    String name = "stranger_" + url.database();
    OneShot script = grants("--role", "worker", "--name", name, "--url", url.reveal());

    // When
    Psql elsewhere = Psql.run(folder, TestDatabases.fresh(), script.out());

    // Then
    assertThat(elsewhere.code()).isNotZero();
    assertThat(elsewhere.said()).contains("the script is for another one");
    assertThat(TestDatabases.query(url, "SELECT 1 FROM pg_roles WHERE rolname = '" + name + "'"))
        .isEmpty();
  }

  @Test
  void nobodyIsMadeASuperuserThroughTheOwnersOfTheObjects() throws IOException {
    // Given: a table of the superuser's
    TestDatabases.run(url, "CREATE TABLE users (id int)");

    // When
    OneShot script = grants("--role", "worker", "--url", url.reveal());

    // Then
    assertThat(script.out())
        .contains("-- To act as the superuser \"postgres\", the owner of public.users.")
        .doesNotContain("GRANT \"postgres\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "public", "none", "pg_monitor"})
  void aNameThatNoRoleMayHaveIsAMistake(String name) throws IOException {
    // When
    OneShot ended = grants("--role", "monitor", "--name", name, "--url", url.reveal());

    // Then
    assertThat(ended.code()).isEqualTo(Pgmedic.USAGE);
    assertThat(ended.err()).contains("--name: expected a role name of 1 to 63 bytes");
    assertThat(List.of(ended.out())).containsExactly("");
  }
}
