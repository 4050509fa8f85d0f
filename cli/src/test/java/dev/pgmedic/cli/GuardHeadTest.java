package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.migration.SqlMigration;
import dev.pgmedic.migration.SqlMigrations;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.PgBouncer;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --if-behind}: a command that has nothing to do is not run. */
@Timeout(120)
class GuardHeadTest {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String AT_HEAD = "pgmedic: already at head 005; the command was not run";

  @TempDir private Path folder;
  private final PostgresUrl url = TestDatabases.fresh();
  private final List<GuardProcess> started = new ArrayList<>();
  private AlembicProject project;

  @BeforeEach
  void makeProject() throws IOException {
    assumeThat(AlembicProject.installed())
        .as("alembic is not installed here: apt install alembic python3-psycopg2")
        .isTrue();
    project = AlembicProject.in(folder, url);
  }

  @AfterEach
  void end() throws IOException {
    for (GuardProcess guard : started) {
      guard.close();
    }
  }

  @Test
  void theCommandRunsWhenTheDatabaseIsBehindAndNoSecondTime() throws Exception {
    // When
    GuardProcess first = guard("--if-behind", "--path", ".", "--", "alembic", "upgrade", "head");
    assertThat(first.exit()).as(first.err()).isZero();
    GuardProcess second = guard("--if-behind", "--path", ".", "--", "touch", "ran");

    // Then
    assertSkipped(second);
    assertThat(version()).containsExactly("005");
  }

  @Test
  void aDatabaseThatIsSomeRevisionsBehindIsMigrated() throws Exception {
    // Given
    assertThat(project.run("upgrade", "003")).doesNotContain("Error");

    // When
    GuardProcess guard = guard("--if-behind", "--path", ".", "--", "alembic", "upgrade", "head");

    // Then
    assertThat(guard.exit()).as(guard.err()).isZero();
    assertThat(version()).containsExactly("005");
  }

  @Test
  void whoHasNothingToDoWaitsForNobody() throws Exception {
    // Given
    assertThat(project.run("upgrade", "head")).doesNotContain("Error");
    try (Connection holder = holder()) {

      // When
      GuardProcess guard =
          guard("--wait", "0s", "--if-behind", "--path", ".", "--", "touch", "ran");

      // Then
      assertSkipped(guard);
      assertThat(holder.isValid(1)).isTrue();
    }
  }

  @Test
  void whoFindsTheWorkDoneWhenItGetsTheLockSkipsIt() throws Exception {
    try (Connection holder = holder()) {
      // Given
      GuardProcess guard = guard("--if-behind", "--path", ".", "--", "touch", "ran");
      await().atMost(SOON).until(() -> guard.err().contains("waiting for the migration lock"));

      // When
      assertThat(project.run("upgrade", "head")).doesNotContain("Error");
      holder.close();

      // Then
      assertThat(guard.exit()).isZero();
      assertThat(guard.err().lines()).hasSize(2);
      assertThat(guard.lastLine()).isEqualTo(AT_HEAD);
      assertThat(folder.resolve("ran")).doesNotExist();
      assertThat(TestDatabases.advisoryLocks(url)).isEmpty();
    }
  }

  @Test
  void ofManyThatStartAtOnceOneMigratesAndNoneFails() throws Exception {
    // When
    List<GuardProcess> guards = new ArrayList<>();
    String work = "alembic -c '" + folder.resolve("alembic.ini") + "' upgrade head && echo ran";
    for (int i = 0; i < 6; i++) {
      Path own = folder.resolve("replica" + i);
      String[] all = {"--if-behind", "--path", "..", "--", "sh", "-c", "cd .. && " + work};
      guards.add(GuardProcess.start(own, url, all));
    }
    started.addAll(guards);

    // Then
    List<String> said = new ArrayList<>();
    for (GuardProcess guard : guards) {
      assertThat(guard.exit()).as(guard.err()).isZero();
      said.add(guard.out().isEmpty() ? guard.lastLine() : guard.out());
    }
    assertThat(said).containsOnlyOnce("ran\n").filteredOn(AT_HEAD::equals).hasSize(5);
    assertThat(version()).containsExactly("005");
  }

  @Test
  void aRevisionThatNoFileKnowsIsForTheCommandToJudge() throws Exception {
    // Given
    assertThat(project.run("upgrade", "head")).doesNotContain("Error");
    TestDatabases.run(url, "UPDATE alembic_version SET version_num = '006'");

    // When
    GuardProcess guard = guard("--if-behind", "--path", ".", "--", "alembic", "upgrade", "head");

    // Then
    assertThat(guard.exit()).isNotZero();
    assertThat(guard.out() + guard.err()).contains("Can't locate revision");
  }

  @Test
  void theFileMayNameTheFolder() throws Exception {
    // Given
    assertThat(project.run("upgrade", "head")).doesNotContain("Error");
    Path file = folder.resolve("pgmedic.yaml");
    String target = "targets: {shop: {url: \"" + url.reveal() + "\"%s}}\n";
    List<String> words = List.of("-c", "pgmedic.yaml", "--if-behind", "--", "touch", "ran");

    // When
    Files.writeString(file, target.formatted(", migrations: {directory: .}"));
    GuardProcess named = new GuardProcess.Start(folder, words, Map.of()).start();
    assertSkipped(named);
    Files.writeString(file, target.formatted(""));
    GuardProcess nowhere = new GuardProcess.Start(folder, words, Map.of()).start();

    // Then
    nowhere.assertRefused(
        Pgmedic.USAGE, "--if-behind: expected --path FOLDER, or migrations.directory in the file");
  }

  @ParameterizedTest
  @CsvSource({
    "missing, there is no folder /",
    "alembic.ini, there is no folder /",
    "migrations, 'expected alembic.ini, manage.py, or files like 001_first.sql or V1__first.sql in"
        + " /'",
    "unset, expected script_location in unset/alembic.ini",
    "empty, expected revision files in empty/nowhere/versions"
  })
  void aFolderWithoutMigrationsIsRefusedBeforeAnybodyConnects(String path, String why)
      throws Exception {
    // Given
    ini("unset", "[alembic]");
    ini("empty", "[alembic]\nscript_location = nowhere");
    PostgresUrl nobody = PostgresUrl.parse("postgresql://me@127.0.0.1:1/shop");

    // When
    GuardProcess guard =
        GuardProcess.start(folder, nobody, "--if-behind", "--path", path, "--", "touch", "ran");

    // Then
    guard.assertRefused(Pgmedic.USAGE, "--if-behind: " + why);
  }

  private void ini(String name, String text) throws IOException {
    Files.writeString(Files.createDirectory(folder.resolve(name)).resolve("alembic.ini"), text);
  }

  @Test
  void aFolderOfAnotherToolThanTheDatabasesIsRefused() throws Exception {
    // Given
    assertThat(project.run("upgrade", "head")).doesNotContain("Error");
    Files.writeString(
        Files.createDirectory(folder.resolve("sql")).resolve("001_first.sql"), "SELECT 1");

    // When
    GuardProcess guard = guard("--if-behind", "--path", "sql", "--", "touch", "ran");

    // Then
    guard.assertRefused(Pgmedic.USAGE, "--if-behind: expected alembic.ini in sql");
  }

  @Test
  void aHistoryThatTheRoleMayNotReadIsToldWithTheRightThatHelps() throws Exception {
    // Given
    assertThat(project.run("upgrade", "head")).doesNotContain("Error");
    PostgresUrl stranger = TestDatabases.as(url, TestDatabases.role(url));

    // When
    GuardProcess guard =
        GuardProcess.start(folder, stranger, "--if-behind", "--path", ".", "--", "touch", "ran");

    // Then
    guard.assertRefused(
        Pgmedic.USAGE, "not allowed to read public.alembic_version", "GRANT SELECT ON");
  }

  @Test
  void ofSqlFilesEveryOneCountsAndNotTheLastAlone() throws Exception {
    // Given
    Path files = Files.createDirectory(folder.resolve("sql"));
    Files.writeString(files.resolve("001_first.sql"), "CREATE TABLE first (id int)");
    Files.writeString(files.resolve("003_third.sql"), "CREATE TABLE third (id int)");
    applyAll(files);
    String[] words = {"--if-behind", "--path", "sql", "--", "touch", "ran"};

    // When
    GuardProcess atHead = guard(words);
    atHead.assertSaid(0, "already at head 003");
    Files.writeString(files.resolve("002_merged_late.sql"), "CREATE TABLE second (id int)");
    GuardProcess behind = guard(words);

    // Then
    assertThat(behind.exit()).isZero();
    assertThat(folder.resolve("ran")).exists();
  }

  private void applyAll(Path files) throws IOException {
    Duration limit = Duration.ofSeconds(10);
    Session.Settings settings = new Session.Settings("test", limit, limit, limit, false);
    SqlMigrations migrations = new SqlMigrations("public", SqlMigration.readAll(files));
    Vertx vertx = Vertx.vertx();
    try {
      Session session = Session.open(vertx, url, settings).await();
      assertThat(migrations.apply(session.connection()).await()).isEqualTo(2);
      session.close().await();
    } finally {
      vertx.close().await();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "extra_float_digits",
        "extra_float_digits,search_path,statement_timeout,lock_timeout,"
            + "default_transaction_read_only"
      })
  void aPoolerIsRefusedAlsoWhenThereIsNothingToDo(String ignored) throws Exception {
    assumeThat(PgBouncer.program())
        .as("PgBouncer is not installed here (Debian's package is called pgbouncer)")
        .isPresent();
    // Given
    assertThat(project.run("upgrade", "head")).doesNotContain("Error");
    PgBouncer.Settings settings =
        new PgBouncer.Settings("transaction", List.of(ignored.split(",", -1)));
    try (PgBouncer pooler = PgBouncer.inFrontOf(url, settings)) {

      // When
      String[] words = {"--if-behind", "--path", ".", "--", "touch", "ran"};
      GuardProcess guard = GuardProcess.start(folder, pooler.url(), words);

      // Then
      guard.assertRefused(Pgmedic.USAGE, "a proxy stands between us", "DIRECT_URL");
    }
  }

  private GuardProcess guard(String... arguments) throws IOException {
    GuardProcess guard = GuardProcess.start(folder, url, arguments);
    started.add(guard);
    return guard;
  }

  private void assertSkipped(GuardProcess guard) throws Exception {
    guard.assertRefused(0, AT_HEAD);
    assertThat(TestDatabases.query(url, "SELECT version_num FROM alembic_version"))
        .containsExactly("005");
  }

  private Connection holder() throws Exception {
    Connection holder = TestDatabases.connect(url);
    try (Statement statement = holder.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(" + MigrationLock.KEY + ")");
    }
    return holder;
  }

  private List<String> version() {
    return TestDatabases.query(url, "SELECT version_num FROM alembic_version");
  }
}
