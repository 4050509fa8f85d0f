package dev.pgmedic.command;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a command runs and what it finds in its environment.
 *
 * @param folder where it runs; absent means where we do
 * @param ours whether it finds all of our environment, or only what a program needs to find its way
 * @param added what it finds beside that, and in its place
 */
public record Surroundings(Optional<Path> folder, boolean ours, Map<String, String> added) {

  private static final Set<String> NEEDED =
      Set.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", SupervisedCommand.MARK);

  /** Ours, with nothing added. */
  public static final Surroundings OURS = new Surroundings(Optional.empty(), true, Map.of());

  /** Copies the map. */
  public Surroundings {
    added = Map.copyOf(added);
  }

  /** A folder, and no more of our environment than a program needs. */
  public static Surroundings in(Path folder, Map<String, String> environment) {
    return new Surroundings(Optional.of(folder), false, environment);
  }

  /** The same with more in the environment. */
  public Surroundings with(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(added);
    all.putAll(more);
    return new Surroundings(folder, ours, all);
  }

  /** What the command finds under a name; empty where it finds nothing. */
  public Optional<String> get(String name) {
    return Optional.ofNullable(added.get(name))
        .or(() ->
            ours || NEEDED.contains(name)
                ? Optional.ofNullable(System.getenv(name))
                : Optional.empty());
  }

  void apply(ProcessBuilder builder) {
    folder.ifPresent(path -> builder.directory(path.toFile()));
    if (!ours) {
      builder.environment().keySet().retainAll(NEEDED);
    }
    builder.environment().putAll(added);
  }

  /** Without the environment, which may carry a password. */
  @Override
  public String toString() {
    return "Surroundings" + folder + added.keySet();
  }
}
