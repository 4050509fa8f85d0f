package dev.pgmedic.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.PostgresServers;
import dev.pgmedic.testing.TestCertificate;
import io.vertx.core.Vertx;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server is spoken to only when it is the one that the URL means, as far as sslmode asks. */
@Timeout(120)
class EncryptionTest {

  private static final Session.Settings SETTINGS =
      new Session.Settings(
          "pgmedic-test", Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ZERO, true);

  @TempDir private static Path ours;
  @TempDir private static Path others;

  private static EmbeddedPostgres server;
  private static TestCertificate certificate;
  private static TestCertificate other;

  private final Vertx vertx = Vertx.vertx();

  @BeforeAll
  static void start() throws Exception {
    certificate = TestCertificate.of(ours, "dns:localhost");
    other = TestCertificate.of(others, "dns:localhost");
    server =
        EmbeddedPostgres.builder()
            .setServerConfig("ssl", "on")
            .setServerConfig("ssl_cert_file", certificate.certificate().toString())
            .setServerConfig("ssl_key_file", certificate.key().toString())
            .start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private static PostgresUrl url(String host, String mode, Path authority) {
    PostgresUrl url = PostgresServers.url(server);
    return new PostgresUrl(
            host, url.port(), url.database(), url.user(), url.password(), url.parameters())
        .withParameter("sslmode", mode)
        .withParameter("sslrootcert", authority.toString());
  }

  private boolean encrypted(PostgresUrl url) {
    return Session.open(vertx, url, SETTINGS)
        .compose(session -> {
          boolean encrypted = session.connection().isSSL();
          return session.close().map(encrypted);
        })
        .await();
  }

  private static String jdbc(PostgresUrl url) throws SQLException {
    String text =
        "jdbc:postgresql://%s:%d/postgres?user=postgres%s"
            .formatted(url.host(), url.port(), Encryption.jdbc(url));
    try (Connection connection = DriverManager.getConnection(text);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
      row.next();
      return row.getString(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "disable, false",
    "require, true",
    "verify-ca, true",
    "verify-full, true",
  })
  void theServerThatIsMeantIsSpokenTo(String mode, boolean encrypted) throws SQLException {
    // Given
    PostgresUrl url = url("localhost", mode, certificate.certificate());

    // When
    boolean seen = encrypted(url);

    // Then
    assertThat(seen).isEqualTo(encrypted);
    assertThat(jdbc(url)).isEqualTo(encrypted ? "t" : "f");
  }

  @Test
  void aCertificateForAnotherHostIsRefusedByVerifyFullAlone() throws SQLException {
    // Given
    PostgresUrl full = url("127.0.0.1", "verify-full", certificate.certificate());
    PostgresUrl authority = url("127.0.0.1", "verify-ca", certificate.certificate());

    // When
    Throwable refused = catchThrowable(() -> encrypted(full));
    boolean taken = encrypted(authority);

    // Then
    assertThat(refused)
        .isInstanceOfSatisfying(
            Unreachable.class, lost -> assertThat(lost.stage()).isEqualTo(Unreachable.Stage.TLS))
        .hasMessageContaining("127.0.0.1");
    assertThatThrownBy(() -> jdbc(full)).isInstanceOf(SQLException.class);
    assertThat(taken).isTrue();
    assertThat(jdbc(authority)).isEqualTo("t");
  }

  @ParameterizedTest
  @ValueSource(strings = {"require", "verify-ca", "verify-full"})
  void aCertificateOfAnotherAuthorityIsRefused(String mode) {
    // Given
    PostgresUrl url = url("localhost", mode, other.certificate());

    // When
    Throwable refused = catchThrowable(() -> encrypted(url));

    // Then
    assertThat(refused)
        .isInstanceOfSatisfying(
            Unreachable.class, lost -> assertThat(lost.stage()).isEqualTo(Unreachable.Stage.TLS));
    assertThatThrownBy(() -> jdbc(url)).isInstanceOf(SQLException.class);
  }

  @Test
  void anAuthorityThatIsNotThereIsNamed() {
    // Given
    Path nowhere = ours.resolve("nowhere.crt");
    PostgresUrl url = url("localhost", "verify-full", nowhere);

    // When
    Throwable refused = catchThrowable(() -> encrypted(url));

    // Then
    assertThat(refused)
        .isInstanceOfSatisfying(
            Unreachable.class, lost -> assertThat(lost.stage()).isEqualTo(Unreachable.Stage.TLS))
        .hasMessageContaining("nowhere.crt");
  }
}
