package dev.pgmedic.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pgmedic.target.PostgresUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServerTest {

  @TempDir Path folder;

  @Test
  void whatWasWrittenIsThereAfterItWasClosedAndOpenedAgain() throws Exception {
    // Given
    try (EmbeddedServer first = EmbeddedServer.open(folder.resolve("store"))) {
      run(first, "CREATE TABLE kept AS SELECT 42 AS number");
    }

    // When
    try (EmbeddedServer second = EmbeddedServer.open(folder.resolve("store"))) {

      // Then
      assertThat(ask(second, "SELECT number FROM kept")).isEqualTo("42");
    }
  }

  @Test
  void noPasswordAndAWrongOneAreRefusedOnTheVeryFirstStart() throws Exception {
    // Given
    try (EmbeddedServer server = EmbeddedServer.open(folder.resolve("store"))) {
      PostgresUrl url = server.url("postgres");

      // When
      for (String password : List.of("", "wrong")) {

        // Then
        assertThatThrownBy(() -> connect(url, password).close())
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("password");
      }
      assertThat(ask(server, "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"))
          .isEqualTo("scram-sha-256");
    }
  }

  @Test
  void onlyTheOwnerMayReadTheFolderAndThePassword() throws Exception {
    // Given
    Path store = folder.resolve("store");

    // When
    try (EmbeddedServer server = EmbeddedServer.open(store)) {

      // Then
      assertThat(permissions(store)).isEqualTo("rwx------");
      assertThat(permissions(store.resolve("postgres.password"))).isEqualTo("rw-------");
      String password = Files.readString(store.resolve("postgres.password")).strip();
      assertThat(server.toString()).doesNotContain(password);
      assertThat(server.url("postgres").toString()).doesNotContain(password);
    }
  }

  @Test
  void aSecondOneOnTheSameFolderIsToldWhichFolderAndWhatToDo() throws Exception {
    // Given
    Path store = folder.resolve("store");
    try (EmbeddedServer first = EmbeddedServer.open(store)) {

      // When
      assertThatThrownBy(() -> EmbeddedServer.open(store))

          // Then
          .isInstanceOf(IOException.class)
          .hasMessageContaining(store.toString())
          .hasMessageContaining("another store.directory");
      assertThat(ask(first, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void aStoreIsSafeFromAPowerCutAndADemoNeedNotBe() throws Exception {
    // Given
    try (EmbeddedServer store = EmbeddedServer.open(folder.resolve("store"));
        EmbeddedServer demo = EmbeddedServer.temporary()) {

      // When
      String stored = ask(store, "SHOW fsync");
      String shown = ask(demo, "SHOW fsync");

      // Then
      assertThat(stored).isEqualTo("on");
      assertThat(shown).isEqualTo("off");
    }
  }

  @Test
  void closingTwiceAndClosingAServerThatIsGoneAreNoErrors() throws Exception {
    // Given
    Path store = folder.resolve("store");
    EmbeddedServer server = EmbeddedServer.open(store);
    ProcessHandle postmaster = Postmasters.of(store).get(0);
    postmaster.destroy(); // SIGTERM: a smart shutdown
    postmaster.onExit().get();

    // When
    server.close();
    server.close();

    // Then
    try (EmbeddedServer again = EmbeddedServer.open(store)) {
      assertThat(ask(again, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void aLostPasswordFileIsNamedWithWhatToDo() throws Exception {
    // Given
    Path store = folder.resolve("store");
    EmbeddedServer.open(store).close();
    Files.delete(store.resolve("postgres.password"));

    // When
    assertThatThrownBy(() -> EmbeddedServer.open(store))

        // Then
        .isInstanceOf(IOException.class)
        .hasMessageContaining("postgres.password")
        .hasMessageContaining("expected");
  }

  @Test
  void aStartThatFailsSaysWhatTheServerSaid() throws Exception {
    // Given
    Path store = folder.resolve("store");
    EmbeddedServer.open(store).close();
    Files.writeString(store.resolve("postgres/PG_VERSION"), "9.6\n");

    // When
    assertThatThrownBy(() -> EmbeddedServer.open(store))

        // Then
        .isInstanceOf(IOException.class)
        .hasMessageContaining("9.6");
  }

  @Test
  void aDatabaseIsMadeOnceWhateverItsName() throws Exception {
    // Given
    try (EmbeddedServer server = EmbeddedServer.temporary()) {
      server.createDatabaseIfMissing("an \"odd\" Name");

      // When
      server.createDatabaseIfMissing("an \"odd\" Name");

      // Then
      assertThat(ask(server, "SELECT count(*) FROM pg_database WHERE datname LIKE 'an%'"))
          .isEqualTo("1");
      assertThat(server.port()).isEqualTo(server.url("postgres").port());
    }
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  static void run(EmbeddedServer server, String sql) throws SQLException {
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static String ask(EmbeddedServer server, String sql) throws SQLException {
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(sql)) {
      assertThat(answer.next()).isTrue();
      return answer.getString(1);
    }
  }

  private static Connection connect(EmbeddedServer server) throws SQLException {
    PostgresUrl url = server.url("postgres");
    return connect(url, url.password().orElseThrow());
  }

  private static Connection connect(PostgresUrl url, String password) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + url.port() + "/postgres", url.user(), password);
  }
}
