package dev.pgmedic.cli;

import dev.pgmedic.config.Config;
import dev.pgmedic.config.ConfigException;
import dev.pgmedic.target.Target;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which of a file's targets {@code --target} means. */
final class TargetOption {

  private TargetOption() {}

  /**
   * The target of that name, or the only one.
   *
   * @throws ConfigException when there is no such, with those that there are
   */
  static Target choose(Config config, @Nullable String option) {
    String name =
        Optional.ofNullable(option)
            .or(() ->
                config.targets().keySet().stream()
                    .filter(n -> config.targets().size() == 1)
                    .findFirst())
            .orElseThrow(() ->
                new ConfigException("--target", "expected one of " + config.targets().keySet()));
    return Optional.ofNullable(config.targets().get(name))
        .orElseThrow(() ->
            new ConfigException(
                "--target", "expected one of " + config.targets().keySet() + ", found " + name));
  }
}
