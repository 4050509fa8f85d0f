package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.store.Store;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code pgmedic quarantine} in a process of its own, as a user starts it. */
@Timeout(180)
class QuarantineCommandTest {

  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--?[a-z][a-z-]*");

  private final PostgresUrl url = TestDatabases.fresh();
  @TempDir private Path folder;

  @BeforeEach
  void fill() {
    TestDatabases.run(
        url,
        "CREATE SCHEMA pgmedic_q_1a",
        "CREATE TABLE pgmedic_q_1a.\"\u001b[2Jgone\" (id int)",
        "INSERT INTO pgmedic_q_1a.\"\u001b[2Jgone\" SELECT generate_series(1, 30)",
        "ANALYZE",
        "CREATE TABLE pgmedic_q_1a.unseen (id int)");
  }

  private OneShot quarantine(String verb, String... arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of("quarantine", verb, "--url", url.reveal()));
    words.addAll(List.of(arguments));
    return OneShot.run(folder, words.toArray(String[]::new));
  }

  private List<String> tables() {
    return TestDatabases.query(
        url,
        "SELECT relname FROM pg_class WHERE relnamespace ="
            + " (SELECT oid FROM pg_namespace WHERE nspname = 'pgmedic_q_1a')");
  }

  @Test
  void whatLiesThereIsListed() throws IOException {
    // When
    OneShot text = quarantine("list");
    OneShot json = quarantine("list", "--json");

    // Then
    assertThat(text.code()).as(text.err()).isZero();
    assertThat(text.out())
        .isEqualTo(
            url.database()
                + "\n  pgmedic_q_1a\n"
                + "    table pgmedic_q_1a.\"\\u{1b}[2Jgone\", about 30 rows\n"
                + "    table pgmedic_q_1a.unseen\n");
    assertThat(json.out()).contains("\"rows_estimate\":30", "\"digest\":\"sha256:");
  }

  @Test
  void withoutATerminalNothingIsDestroyedUnlessItIsSaid() throws IOException {
    // When
    OneShot silent = quarantine("empty", "pgmedic_q_1a");
    List<String> before = tables();
    OneShot said = quarantine("empty", "--yes", "pgmedic_q_1a");
    OneShot again = quarantine("empty", "--yes", "pgmedic_q_1a");

    // Then
    assertThat(silent.code()).isEqualTo(Pgmedic.USAGE);
    assertThat(silent.err()).contains("--yes: expected it where no terminal can be asked");
    assertThat(before).hasSize(2);
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out()).contains("about 30 rows", "unseen", "schema pgmedic_q_1a", "Gone:");
    assertThat(said.err()).contains("no audit has this");
    assertThat(tables()).isEmpty();
    assertThat(again.code()).isEqualTo(Pgmedic.USAGE);
  }

  private OneShot empty(PostgresUrl store) throws IOException {
    Files.writeString(
        folder.resolve("pgmedic.yaml"),
        """
        store: {url: "%s"}
        targets: {shop: {url: "%s", recovery: {}}}
        """
            .formatted(store.reveal(), url.reveal()));
    return OneShot.run(
        folder, "quarantine", "empty", "-c", "pgmedic.yaml", "--yes", "pgmedic_q_1a");
  }

  @Test
  void theStoreOfTheFileKeepsWhoEmptiedIt() throws IOException {
    // Given
    PostgresUrl store = TestDatabases.fresh();

    // When
    OneShot done = empty(store);

    // Then
    assertThat(done.code()).as(done.err()).isZero();
    assertThat(done.err()).doesNotContain("no audit");
    assertThat(tables()).isEmpty();
    assertThat(
            TestDatabases.query(
                store,
                "SELECT concat_ws(' ', actor, authenticated_by, action, target, subject,"
                    + " left(digest, 7)) FROM pgmedic.audit"))
        .containsExactly(
            System.getProperty("user.name")
                + " command empty_quarantine shop pgmedic_q_1a sha256:");
  }

  @Test
  void whatNoAuditCanKeepIsNotDone() throws IOException {
    // Given
    PostgresUrl store = TestDatabases.fresh();
    Vertx vertx = Vertx.vertx();
    Store.open(vertx, store).await().close().await();
    vertx.close().await();
    TestDatabases.run(store, "ALTER TABLE pgmedic.audit ADD CHECK (action = 'nothing')");
    PostgresUrl nowhere =
        new PostgresUrl("127.0.0.1", 1, "store", "me", Optional.empty(), Map.of());

    // When
    OneShot refused = empty(store);
    OneShot down = empty(nowhere);

    // Then
    assertThat(refused.code()).as(refused.err()).isEqualTo(Pgmedic.UNHEALTHY);
    assertThat(down.code()).as(down.err()).isEqualTo(Pgmedic.UNREACHABLE);
    assertThat(tables()).hasSize(2);
  }

  @Test
  void whatSomethingRestsOnIsNamedAndStays() throws IOException {
    // Given
    TestDatabases.run(url, "CREATE VIEW public.v AS SELECT * FROM pgmedic_q_1a.unseen");

    // When
    OneShot listed = quarantine("list");
    OneShot refused = quarantine("empty", "--yes", "pgmedic_q_1a");

    // Then
    assertThat(listed.out()).contains("    needed by view public.v\n");
    assertThat(refused.code()).isEqualTo(Pgmedic.UNHEALTHY);
    assertThat(refused.err()).contains("view public.v");
    assertThat(tables()).hasSize(2);
  }

  @Test
  void theManualNamesEveryOptionAndNoOther() throws IOException {
    // Given
    Path page = Path.of(System.getProperty("pgmedic.root", ".."), "docs", "quarantine.md");

    // When
    Set<String> described = new TreeSet<>();
    for (String line : Files.readAllLines(page)) {
      if (line.startsWith("| `-")) {
        OPTION.matcher(line.split("\\|", -1)[1]).results().forEach(at -> described.add(at.group()));
      }
    }

    // Then
    Set<String> options = new TreeSet<>();
    for (Object command : List.of(new QuarantineListCommand(), new QuarantineEmptyCommand())) {
      new CommandLine(command)
          .getCommandSpec()
          .options()
          .forEach(option -> options.addAll(List.of(option.names())));
    }
    options.removeAll(Set.of("-h", "--help", "-V", "--version", "--config"));
    assertThat(described).isEqualTo(options);
  }
}
