package dev.pgmedic.cli;

import dev.pgmedic.config.Config;
import dev.pgmedic.config.ConfigReader;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command takes its targets from: a file, or one URL. */
final class Source {

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The configuration file.")
  private @Nullable Path file;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "One database, instead of a file; else DIRECT_URL or DATABASE_URL.")
  private @Nullable String url;

  /** Whether it is a file, whose author named every role. */
  boolean isFile() {
    return file != null;
  }

  Config read() {
    if (file != null) {
      return new ConfigReader(Environment::get).read(file);
    }
    PostgresUrl address = Environment.url(url);
    String name = address.database().replaceAll("[^A-Za-z0-9_.-]", "-");
    return new Config(
        new Config.Store(Optional.empty(), Path.of(".pgmedic").toAbsolutePath()),
        Config.Http.DEFAULT,
        new Config.Auth(Optional.empty(), List.of()),
        Config.Webhooks.NONE,
        Map.of(name, Target.of(name, address)));
  }

  /**
   * A pooler in front of the database, by the convention of two variables: {@code DATABASE_URL},
   * when {@code DIRECT_URL} is where we look.
   */
  Optional<PostgresUrl> pooler() {
    return file == null && url == null && Environment.get("DIRECT_URL").isPresent()
        ? Environment.get("DATABASE_URL").map(text -> Environment.parse("DATABASE_URL", text))
        : Optional.empty();
  }
}
