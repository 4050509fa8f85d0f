package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code pgmedic plan}, {@code recover} and {@code report} in processes of their own. */
@Timeout(300)
class RecoverCommandTest {

  private static final String AUDITED =
      """
      SELECT concat_ws(' ', a.actor, a.authenticated_by, a.action, a.target, a.subject,
                       a.digest = t.digest)
      FROM pgmedic.audit a JOIN pgmedic.recovery_task t ON t.id::text = a.subject
      """;

  private static final String NOBODYS = "00000000-0000-7000-8000-000000000000";

  private final PostgresUrl url = TestDatabases.fresh();
  @TempDir private Path folder;
  private Path migrations;

  @BeforeEach
  void migrate() throws IOException {
    migrations = Files.createDirectory(folder.resolve("migrations"));
    Files.writeString(
        migrations.resolve("000001_users.up.sql"),
        "CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE orders (id int PRIMARY KEY);");
    TestDatabases.run(
        url,
        "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL)",
        "INSERT INTO schema_migrations VALUES (1, false)",
        "CREATE TABLE users (id int PRIMARY KEY)",
        "CREATE TABLE orders (id int PRIMARY KEY)",
        "INSERT INTO orders VALUES (7)");
  }

  private OneShot run(String command, String... options) throws IOException {
    return OneShot.run(
        folder,
        Stream.concat(
                Stream.of(command, "--url", url.reveal(), "--path", migrations.toString()),
                Stream.of(options))
            .toArray(String[]::new));
  }

  private void breakIt() {
    TestDatabases.run(url, "DROP TABLE users");
  }

  private List<String> tables() {
    return TestDatabases.query(
        url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");
  }

  @Test
  void whatTheMigrationsMakeIsRebuiltWithoutAStoreAndEveryRowStays() throws IOException {
    // Given
    breakIt();
    OneShot planned = run("plan", "--json");
    JsonObject plan = new JsonObject(planned.out()).getJsonObject("plan");
    Path log = folder.resolve("recovery.jsonl");

    // When
    OneShot ended =
        run(
            "recover",
            "--approve",
            plan.getString("digest"),
            "--accept-data-loss",
            "--log",
            log.toString());

    // Then
    assertThat(planned.code()).isEqualTo(Pgmedic.UNHEALTHY);
    assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
    assertThat(ended.out())
        .contains("CREATE TABLE public.users", "         id integer NOT NULL")
        .contains("LOST BEFORE WE LOOKED: nobody knows how many rows of public.users")
        .contains("[1/7] PostgreSQL server is up")
        .contains("[7/7] verified: version 1, 3 of 3 tables");
    assertThat(tables()).containsExactly("orders", "schema_migrations", "users");
    assertThat(TestDatabases.query(url, "SELECT id FROM orders")).containsExactly("7");
    assertThat(Files.readAllLines(log).stream().map(JsonObject::new))
        .extracting(line -> line.getString("what"))
        .contains("planned", "step.succeeded", "ended");
  }

  @Test
  void nothingIsRunWithoutAnApprovalOfThisPlanAndItsLoss() throws IOException {
    // Given
    breakIt();

    // When
    OneShot nobody = run("recover");
    OneShot other = run("recover", "--approve", "sha256:0000");
    OneShot loss = run("recover", "--yes");

    // Then
    assertThat(List.of(nobody.code(), other.code(), loss.code())).containsOnly(1);
    assertThat(nobody.err()).contains("no terminal to ask on: expected --approve sha256:");
    assertThat(other.err()).contains("expected the digest of this plan, found sha256:0000");
    assertThat(loss.err()).contains("expected --accept-data-loss; nothing was run");
    assertThat(tables()).containsExactly("orders", "schema_migrations");
  }

  @Test
  void aTargetOfAFileWithoutLeaveIsOnlyShownWhatWouldBeRun() throws IOException {
    // Given
    breakIt();
    Path file =
        Files.writeString(
            folder.resolve("pgmedic.yaml"),
            "targets: {shop: {url: \"%s\", migrations: {directory: migrations}}}"
                .formatted(url.reveal()));

    // When
    OneShot ended =
        OneShot.run(folder, "recover", "-c", file.toString(), "--yes", "--accept-data-loss");

    // Then
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).contains("shop is observe-only");
    assertThat(ended.out()).contains("CREATE TABLE public.users");
    assertThat(tables()).doesNotContain("users");
  }

  @Test
  void whereTwoMustAgreeOrQuietHoursLastNothingIsRun() throws IOException {
    // Given
    breakIt();
    Path two = under("two.yaml", "approvers: 2");
    Path quiet =
        under(
            "quiet.yaml",
            "quiet_hours: [{from: \"00:00\", to: \"12:00\", zone: UTC},"
                + " {from: \"12:00\", to: \"00:00\", zone: UTC}]");
    Path silent = under("silent.yaml", "propose: []");

    // When
    OneShot one = heal(two);
    OneShot night = heal(quiet);
    OneShot nothing = heal(silent);

    // Then
    assertThat(one.code()).as(one.out()).isEqualTo(1);
    assertThat(one.err()).contains("shop needs 2 approvals");
    assertThat(night.code()).as(night.out()).isEqualTo(1);
    assertThat(night.err()).contains("shop has quiet hours until 20");
    assertThat(nothing.out()).doesNotContain("CREATE TABLE");
    assertThat(tables()).doesNotContain("users");
  }

  private OneShot heal(Path file) throws IOException {
    return OneShot.run(folder, "recover", "-c", file.toString(), "--yes", "--accept-data-loss");
  }

  private Path under(String name, String recovery) throws IOException {
    return Files.writeString(
        folder.resolve(name),
        """
        targets:
          shop: {url: "%s", migrations: {directory: migrations}, recovery: {%s}}
        """
            .formatted(url.reveal(), recovery));
  }

  @Test
  void aStoreThatIsDownIsDoneWithoutAndOneThatAnswersKeepsTheIncident() throws IOException {
    // Given
    PostgresUrl store = TestDatabases.fresh();
    Path down = file("down.yaml", "postgresql://me@127.0.0.1:1/nobody");
    Path up = file("up.yaml", store.reveal());

    // When
    breakIt();
    OneShot without =
        OneShot.run(folder, "recover", "-c", down.toString(), "--yes", "--accept-data-loss");
    breakIt();
    OneShot with =
        OneShot.run(folder, "recover", "-c", up.toString(), "--yes", "--accept-data-loss");
    String task = TestDatabases.query(store, "SELECT id FROM pgmedic.recovery_task").get(0);
    OneShot report = OneShot.run(folder, "report", "-c", up.toString(), task);
    OneShot served;
    try (ServiceProcess service = ServiceProcess.up(up)) {
      served = OneShot.run(folder, "report", task, "--server", service.base());
    }
    OneShot gone = OneShot.run(folder, "report", task, "--server", "http://127.0.0.1:1");
    OneShot unknown = OneShot.run(folder, "report", "-c", up.toString(), NOBODYS);

    // Then
    assertThat(without.code()).as(without.out() + without.err()).isZero();
    assertThat(without.err()).contains("the store is done without: ");
    assertThat(with.code()).as(with.out() + with.err()).isZero();
    assertThat(TestDatabases.query(store, AUDITED))
        .containsExactly(System.getProperty("user.name") + " command approve shop " + task + " t");
    assertThat(report.code()).as(report.err()).isZero();
    assertThat(report.out())
        .contains("# Incident of shop", "state: **succeeded**", "`table.missing`")
        .contains("CREATE TABLE public.users", "accepts the loss", "## What ran");
    assertThat(served).isEqualTo(report);
    assertThat(gone.code()).isEqualTo(Pgmedic.UNREACHABLE);
    assertThat(gone.err()).contains("no answer from http://127.0.0.1:1", "pgmedic up starts one");
    assertThat(unknown.code()).isEqualTo(Pgmedic.USAGE);
    assertThat(unknown.err()).contains("expected a task's id, found " + NOBODYS);
  }

  private Path file(String name, String store) throws IOException {
    return Files.writeString(
        folder.resolve(name),
        """
        store: {url: "%s"}
        targets:
          shop: {url: "%s", migrations: {directory: migrations}, recovery: {}}
        """
            .formatted(store, url.reveal()));
  }

  @Test
  void aHeldLockEndsWith75AndNothingToHealWith0() throws Exception {
    // Given
    OneShot healthy = run("recover");
    breakIt();
    Path file =
        Files.writeString(
            folder.resolve("hurry.yaml"),
            """
            targets:
              shop:
                url: "%s"
                migrations: {directory: migrations}
                deadlines: {lock_wait: 2s}
                recovery: {}
            """
                .formatted(url.reveal()));

    // When
    OneShot held;
    try (Connection other = TestDatabases.connect(url);
        Statement statement = other.createStatement()) {
      statement.execute("SET application_name = 'somebody'");
      statement.execute("SELECT pg_advisory_lock(" + MigrationLock.KEY + ")");
      held = OneShot.run(folder, "recover", "-c", file.toString(), "--yes", "--accept-data-loss");
    }

    // Then
    assertThat(healthy.code()).as(healthy.out() + healthy.err()).isZero();
    assertThat(healthy.out()).contains("Nothing is wrong");
    assertThat(held.code()).as(held.out() + held.err()).isEqualTo(Pgmedic.LOCKED);
    assertThat(held.out())
        .contains(
            "No plan: pgmedic's lock is held by session ",
            "until that has ended the schema is not judged");
    assertThat(tables()).doesNotContain("users");
  }

  @Test
  void aDatabaseThatDoesNotAnswerEndsWith3AndAWrongRequestWith2() throws IOException {
    // When
    OneShot nobody = OneShot.run(folder, "recover", "--url", "postgresql://me@127.0.0.1:1/x");
    OneShot wrong = run("plan", "--issue", "index.invalid");

    // Then
    assertThat(nobody.code()).as(nobody.err()).isEqualTo(Pgmedic.UNREACHABLE);
    assertThat(wrong.code()).isEqualTo(Pgmedic.USAGE);
    assertThat(wrong.err()).contains("--issue", "expected one of what was found: []");
  }
}
