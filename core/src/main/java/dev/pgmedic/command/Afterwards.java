package dev.pgmedic.command;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the supervisor runs once it has ended the processes of a run whose pgmedic was killed.
 *
 * @param command its words; empty for nothing
 * @param environment what is added to its environment
 */
public record Afterwards(List<String> command, Map<String, String> environment) {

  /** Nothing. */
  public static final Afterwards NOTHING = new Afterwards(List.of(), Map.of());

  /** Copies the collections. */
  public Afterwards {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** The same with one more word; nothing stays nothing. */
  public Afterwards with(String word) {
    return command.isEmpty()
        ? this
        : new Afterwards(Stream.concat(command.stream(), Stream.of(word)).toList(), environment);
  }

  /** Without the environment, which may carry a password. */
  @Override
  public String toString() {
    return "Afterwards" + command;
  }
}
