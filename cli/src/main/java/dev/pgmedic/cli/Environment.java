package dev.pgmedic.cli;

import dev.pgmedic.config.ConfigException;
import dev.pgmedic.target.PostgresUrl;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the process's environment says. */
final class Environment {

  private Environment() {}

  static Optional<String> get(String name) {
    return Optional.ofNullable(System.getenv(name));
  }

  /** The URL of an option; without it {@code DIRECT_URL}, then {@code DATABASE_URL}. */
  static PostgresUrl url(@Nullable String option) {
    String place =
        option != null ? "--url" : get("DIRECT_URL").isPresent() ? "DIRECT_URL" : "DATABASE_URL";
    String text =
        Optional.ofNullable(option)
            .or(() -> get("DIRECT_URL"))
            .or(() -> get("DATABASE_URL"))
            .orElseThrow(() ->
                new ConfigException(
                    "command line", "expected -c FILE, --url URL, DIRECT_URL or DATABASE_URL"));
    return parse(place, text);
  }

  /** A URL, with the password of {@code PGPASSWORD} where it has none. */
  static PostgresUrl parse(String place, String text) {
    try {
      return PostgresUrl.parse(text).withPasswordIfAbsent(get("PGPASSWORD"));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(place, String.valueOf(e.getMessage()));
    }
  }
}
