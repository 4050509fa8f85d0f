package dev.pgmedic.history.tool;

import java.util.ArrayList;
import java.util.List;

/** Takes the words of a tool's command apart. */
final class Words {

  private Words() {}

  /**
   * The command with another verb in the place of one; empty when that is not there. Options behind
   * it stay: one of them may say which database is meant.
   */
  static List<String> instead(List<String> command, String verb, String other) {
    int at = command.indexOf(verb);
    if (at < 0) {
      return List.of();
    }
    List<String> words = new ArrayList<>(command);
    words.set(at, other);
    return words;
  }
}
