package dev.pgmedic.cli;

import dev.pgmedic.plan.DataLoss;
import java.util.List;
import java.util.Objects;

/** Asks a person on the terminal, which must be there: see {@link PaperOption#isTerminal}. */
final class Question {

  private Question() {}

  /** Whether they accept that what was lost stays lost; not asked, and false, when nothing is. */
  static boolean isLossAccepted(List<DataLoss> lost) {
    return !lost.isEmpty()
        && isAnswered("lost", "What was lost stays lost. Type lost to accept that: ");
  }

  /** Whether they typed exactly this word. */
  static boolean isAnswered(String word, String question) {
    return word.equals(Objects.requireNonNull(System.console()).readLine("%s", question));
  }
}
