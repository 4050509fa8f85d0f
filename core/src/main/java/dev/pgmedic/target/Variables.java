package dev.pgmedic.target;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The <code>${NAME}</code> in the commands of a configuration. Plans, logs and events show them as
 * they are written; only the process that is started gets what they stand for, and what it says
 * back is masked.
 */
public final class Variables {

  /** How one is written; the first group is its name. */
  public static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

  // A secret is longer, and a text without its every "1" could not be read.
  private static final int SHORTEST_MASKED = 4;

  private static final Variables PROCESS =
      new Variables(name -> Optional.ofNullable(System.getenv(name)));

  private final Function<String, Optional<String>> environment;

  Variables(Function<String, Optional<String>> environment) {
    this.environment = environment;
  }

  /** Those of this process. */
  public static Variables ofProcess() {
    return PROCESS;
  }

  /** The names in a text, in their order. */
  public static List<String> named(String text) {
    return REFERENCE.matcher(text).results().map(found -> found.group(1)).toList();
  }

  /** A text with what its variables stand for; one that is not set stays as it is. */
  public String filled(String text) {
    return REFERENCE.matcher(text).replaceAll(this::value);
  }

  private String value(MatchResult found) {
    return Matcher.quoteReplacement(environment.apply(found.group(1)).orElse(found.group()));
  }

  /** As {@link #filled(String)}, each of them. */
  public List<String> filled(List<String> texts) {
    return texts.stream().map(this::filled).toList();
  }

  /**
   * What somebody said who knows the variables of some texts, with each value as <code>${NAME}
   * </code> again. Values of less than 4 characters stay.
   */
  public String masked(Collection<String> texts, String said) {
    List<Secret> secrets =
        texts.stream()
            .flatMap(text -> named(text).stream())
            .distinct()
            .flatMap(this::secret)
            // One value may hold another.
            .sorted(Comparator.comparingInt((Secret secret) -> -secret.value().length()))
            .toList();
    String masked = said;
    for (Secret secret : secrets) {
      masked = masked.replace(secret.value(), "${" + secret.name() + "}");
    }
    return masked;
  }

  private Stream<Secret> secret(String name) {
    return environment.apply(name).filter(value -> value.length() >= SHORTEST_MASKED).stream()
        .map(value -> new Secret(name, value));
  }

  private record Secret(String name, String value) {}
}
