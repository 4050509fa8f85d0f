package dev.pgmedic.check;

import java.util.List;

/**
 * What comes from a database or a file, made fit to be shown: without controls, and not endless.
 */
final class Shown {

  /** How many things evidence lists. */
  static final int MOST = 50;

  private static final int LONGEST = 300;
  private static final int IN_A_SENTENCE = 5;

  private Shown() {}

  static String text(String text) {
    String clean = text.replaceAll("\\p{Cntrl}", " ");
    return clean.length() > LONGEST ? clean.substring(0, LONGEST) + "..." : clean;
  }

  static List<String> bounded(List<String> texts) {
    return texts.stream().limit(MOST).map(Shown::text).toList();
  }

  /** A few of them, and how many more there are. */
  static String list(List<String> texts) {
    String few = String.join(", ", texts.stream().limit(IN_A_SENTENCE).map(Shown::text).toList());
    return texts.size() > IN_A_SENTENCE
        ? few + " and " + (texts.size() - IN_A_SENTENCE) + " more"
        : few;
  }
}
