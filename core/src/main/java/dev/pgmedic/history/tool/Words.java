package dev.pgmedic.history.tool;

import java.util.List;
import java.util.stream.Stream;

/** Takes the words of a tool's command apart. */
final class Words {

  private Words() {}

  /** All words before a verb, and other words in its place; empty when the verb is not there. */
  static List<String> instead(List<String> command, String verb, String... others) {
    int at = command.indexOf(verb);
    return at < 0
        ? List.of()
        : Stream.concat(command.subList(0, at).stream(), Stream.of(others)).toList();
  }
}
