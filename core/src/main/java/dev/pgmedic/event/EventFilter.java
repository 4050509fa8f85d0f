package dev.pgmedic.event;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which events somebody wants.
 *
 * @param targets only of these targets; empty means of all
 * @param types only of these types; empty means all
 */
public record EventFilter(Set<String> targets, Set<EventType> types) {

  /** Everything. */
  public static final EventFilter ALL = new EventFilter(Set.of(), Set.of());

  /** Copies both. */
  public EventFilter {
    targets = Set.copyOf(targets);
    types = Set.copyOf(types);
  }

  /**
   * Reads names with commas in between; an empty text wants everything.
   *
   * @throws IllegalArgumentException when a type is none
   */
  public static EventFilter parse(String targets, String types) {
    return new EventFilter(names(targets, Function.identity()), names(types, EventType::of));
  }

  private static <T> Set<T> names(String text, Function<String, T> reader) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .map(reader)
        .collect(Collectors.toSet());
  }

  /** Whether an event passes. */
  public boolean wants(Event event) {
    return (targets.isEmpty() || targets.contains(event.target()))
        && (types.isEmpty() || types.contains(event.type()));
  }
}
