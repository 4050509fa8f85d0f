package dev.pgmedic.cli;

import dev.pgmedic.config.Config;
import dev.pgmedic.config.ConfigException;
import dev.pgmedic.target.Target;
import java.util.List;
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
    if (option == null && config.targets().size() > 1) {
      throw new ConfigException("--target", "expected one of " + config.targets().keySet());
    }
    return chosen(config, option).get(0);
  }

  /**
   * The target of that name, or all of them in the order of the file.
   *
   * @throws ConfigException when there is no such, with those that there are
   */
  static List<Target> chosen(Config config, @Nullable String option) {
    if (option == null) {
      return List.copyOf(config.targets().values());
    }
    return List.of(
        Optional.ofNullable(config.targets().get(option))
            .orElseThrow(() ->
                new ConfigException(
                    "--target",
                    "expected one of " + config.targets().keySet() + ", found " + option)));
  }
}
