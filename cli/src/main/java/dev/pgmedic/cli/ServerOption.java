package dev.pgmedic.cli;

import dev.pgmedic.config.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which server a client talks to, and as whom. */
final class ServerOption {

  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:5000",
      description = {
        "The server; default ${DEFAULT-VALUE}.",
        "The token is PGMEDIC_TOKEN's, else that of",
        ".pgmedic/admin.token here."
      })
  private URI url = URI.create("http://127.0.0.1:5000");

  /**
   * A client of the server.
   *
   * @throws ConfigException when the URL is not one of HTTP
   */
  ServerClient client() {
    boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!http || url.getHost() == null || url.getUserInfo() != null) {
      throw new ConfigException("--server", "expected http://host:port or https://host:port");
    }
    return new ServerClient(url, token());
  }

  private static Optional<String> token() {
    return Environment.get("PGMEDIC_TOKEN").or(ServerOption::adminToken);
  }

  private static Optional<String> adminToken() {
    Path file = AdminToken.in(Path.of(".pgmedic")).file();
    try {
      return Files.isReadable(file)
          ? Optional.of(Files.readString(file).strip())
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
