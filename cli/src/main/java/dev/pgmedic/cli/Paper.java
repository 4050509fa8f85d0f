package dev.pgmedic.cli;

import dev.pgmedic.issue.Severity;
import java.util.ArrayList;
import java.util.List;

/**
 * What text is written on: in colour or plain, with an end to its lines or without.
 *
 * @param coloured whether ink shows
 * @param width where a line of prose is broken, in characters; at least 40
 */
record Paper(boolean coloured, int width) {

  /** A file or a pipe: plain, and a line is as long as it is, so that it can be searched for. */
  static final Paper PLAIN = new Paper(false, Integer.MAX_VALUE);

  /** What a colour says. */
  enum Ink {
    WORST("1;31"),
    BAD("31"),
    DOUBTFUL("33"),
    GOOD("32"),
    FAINT("2"),
    BLACK("");

    private final String code;

    Ink(String code) {
      this.code = code;
    }

    static Ink of(Severity severity) {
      return switch (severity) {
        case CRITICAL -> WORST;
        case HIGH -> BAD;
        case WARNING -> DOUBTFUL;
        case INFO -> FAINT;
      };
    }
  }

  /** Whether somebody sees it as it is written, so that a line can be written over. */
  boolean isTerminal() {
    return width != PLAIN.width;
  }

  /** The text in this ink, where ink shows. */
  String in(Ink ink, String text) {
    return coloured && !ink.code.isEmpty() ? "\u001b[" + ink.code + "m" + text + "\u001b[m" : text;
  }

  /**
   * The text behind {@code head}, broken between words, each further line indented as far.
   *
   * @param indent how wide {@code head} is to be seen, in characters
   */
  List<String> behind(String head, int indent, String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && indent + line.length() + 1 + word.length() > width) {
        lines.add((lines.isEmpty() ? head : " ".repeat(indent)) + line);
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add((lines.isEmpty() ? head : " ".repeat(indent)) + line);
    return lines;
  }
}
