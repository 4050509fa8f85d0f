package dev.pgmedic.issue;

import java.util.Map;
import java.util.TreeMap;

/**
 * A fault as one check saw it. Two findings of one target are the same fault when code and subject
 * are the same.
 *
 * @param code what kind of fault it is
 * @param subject what it is about: a qualified object name, a lock key, a host, or a setting
 * @param message one sentence for people
 * @param recommendation one sentence that says what to do
 * @param evidence facts that a person can check by hand; values are JSON's own kinds
 */
public record Finding(
    IssueCode code,
    String subject,
    String message,
    String recommendation,
    Map<String, Object> evidence) {

  /** Copies the evidence, in a stable order. */
  public Finding {
    evidence = new TreeMap<>(evidence);
  }

  /** What makes two findings of one target the same fault. */
  public Key key() {
    return new Key(code, subject);
  }

  /**
   * The identity of a fault within its target.
   *
   * @param code what kind of fault it is
   * @param subject what it is about
   */
  public record Key(IssueCode code, String subject) {}
}
