package dev.pgmedic.config;

import dev.pgmedic.target.PostgresUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds the password of a URL that carries none: {@code PGPASSWORD}, then the password file.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-pgpass.html">The password file</a>
 */
final class Passwords {

  private final Function<String, Optional<String>> environment;

  Passwords(Function<String, Optional<String>> environment) {
    this.environment = environment;
  }

  PostgresUrl complete(PostgresUrl url) {
    return url.withPasswordIfAbsent(environment.apply("PGPASSWORD").or(() -> fromFile(url)));
  }

  private Optional<String> fromFile(PostgresUrl url) {
    Path file =
        environment
            .apply("PGPASSFILE")
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home", "/"), ".pgpass"));
    try {
      return Files.isReadable(file)
          ? Files.readAllLines(file).stream()
              .filter(line -> !line.startsWith("#"))
              .map(Passwords::fields)
              .filter(fields -> fields.size() == 5 && matches(fields, url))
              .map(fields -> fields.get(4))
              .findFirst()
          : Optional.empty();
    } catch (IOException e) {
      throw new ConfigException(file.toString(), "cannot be read: " + e.getMessage());
    }
  }

  private static boolean matches(List<String> fields, PostgresUrl url) {
    List<String> wanted =
        List.of(url.host(), Integer.toString(url.port()), url.database(), url.user());
    for (int i = 0; i < wanted.size(); i++) {
      if (!fields.get(i).equals("*") && !fields.get(i).equals(wanted.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && i + 1 < line.length()) {
        i++;
        field.append(line.charAt(i));
      } else if (c == ':' && fields.size() < 4) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }
}
