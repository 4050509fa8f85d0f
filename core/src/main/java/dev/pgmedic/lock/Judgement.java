package dev.pgmedic.lock;

import java.util.List;

/**
 * A verdict and why.
 *
 * @param verdict what the evidence says
 * @param evidence short sentences, each of which a person can check by hand
 */
public record Judgement(Verdict verdict, List<String> evidence) {

  /** Copies the evidence. */
  public Judgement {
    evidence = List.copyOf(evidence);
  }

  static Judgement of(Verdict verdict, String... evidence) {
    return new Judgement(verdict, List.of(evidence));
  }
}
