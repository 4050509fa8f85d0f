package dev.pgmedic.access;

import dev.pgmedic.target.Target;
import java.util.Map;
import java.util.Set;

/**
 * For which targets a token is. Where both limits are set, both hold.
 *
 * @param targets only for these, by name; empty means for any
 * @param labels only for those that have all these labels; empty means for any
 */
public record Scope(Set<String> targets, Map<String, String> labels) {

  /** For all targets, also for those that are in the store alone. */
  public static final Scope ALL = new Scope(Set.of(), Map.of());

  /** Copies both. */
  public Scope {
    targets = Set.copyOf(targets);
    labels = Map.copyOf(labels);
  }

  /** Whether nothing limits it. */
  public boolean isAll() {
    return targets.isEmpty() && labels.isEmpty();
  }

  /** Whether it is for this target. */
  public boolean covers(Target target) {
    return (targets.isEmpty() || targets.contains(target.name()))
        && target.labels().entrySet().containsAll(labels.entrySet());
  }
}
