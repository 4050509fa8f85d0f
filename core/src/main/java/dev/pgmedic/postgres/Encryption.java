package dev.pgmedic.postgres;

import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * How a connection is encrypted and whose certificate it takes, as {@code sslmode} and {@code
 * sslrootcert} of a URL say. Without the latter Java's own authorities are trusted.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-ssl.html">SSL support of libpq</a>
 */
public final class Encryption {

  // Whoever may be written so trusts what Java trusts.
  private static final String SYSTEM = "system";

  private Encryption() {}

  /** Has a connection encrypted as its URL says. */
  static void apply(PostgresUrl url, PgConnectOptions options) {
    SslMode mode = mode(url);
    options.setSslMode(mode);
    if (mode == SslMode.DISABLE) {
      return;
    }
    ClientSSLOptions ssl =
        new ClientSSLOptions()
            .setTrustAll(!verifies(mode))
            .setHostnameVerificationAlgorithm(mode == SslMode.VERIFY_FULL ? "HTTPS" : "");
    if (verifies(mode)) {
      authority(url)
          .ifPresent(path -> ssl.setTrustOptions(new PemTrustOptions().addCertPath(path)));
    }
    options.setSslOptions(ssl);
  }

  /**
   * Completes when the authority that a URL names can be read, of which the driver would say
   * nothing; fails with {@link SSLException} when not.
   */
  static Future<Void> ready(Vertx vertx, PostgresUrl url) {
    return authority(url)
        .filter(path -> verifies(mode(url)))
        .map(path ->
            vertx
                .fileSystem()
                .readFile(path)
                .<Void>compose(
                    read ->
                        read.toString().contains("BEGIN CERTIFICATE")
                            ? Future.succeededFuture()
                            : Future.failedFuture(
                                new SSLException(
                                    "sslrootcert: " + path + " is no PEM certificate")),
                    error ->
                        Future.failedFuture(
                            new SSLException("sslrootcert: " + path + " cannot be read", error))))
        .orElseGet(Future::succeededFuture);
  }

  /** Says of a handshake that failed what was expected; the driver keeps that to itself. */
  static Throwable told(PostgresUrl url, Throwable error) {
    if (!String.valueOf(error.getMessage()).startsWith("SSL handshake failed")) {
      return error;
    }
    SslMode mode = mode(url);
    String host = mode == SslMode.VERIFY_FULL ? " for the host " + url.host() : "";
    String signer = authority(url).orElse("Java's trust store");
    return new SSLException(
        verifies(mode)
            ? "SSL handshake failed: expected a certificate" + host + " by " + signer
            : "SSL handshake failed",
        error);
  }

  /** The same for a JDBC URL, from its {@code &} on. */
  public static String jdbc(PostgresUrl url) {
    SslMode mode = mode(url);
    String trust =
        authority(url)
            .map(path -> "&sslrootcert=" + URLEncoder.encode(path, StandardCharsets.UTF_8))
            .orElse("&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory");
    String word = mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return "&sslmode=" + word + (verifies(mode) ? trust : "");
  }

  // With an authority at hand, require looks at the certificate, as libpq does.
  private static SslMode mode(PostgresUrl url) {
    SslMode mode = SslMode.of(url.parameters().getOrDefault("sslmode", "disable"));
    return mode == SslMode.REQUIRE && authority(url).isPresent() ? SslMode.VERIFY_CA : mode;
  }

  private static boolean verifies(SslMode mode) {
    return mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL;
  }

  private static Optional<String> authority(PostgresUrl url) {
    return Optional.ofNullable(url.parameters().get("sslrootcert"))
        .filter(path -> !path.isEmpty() && !path.equals(SYSTEM));
  }
}
