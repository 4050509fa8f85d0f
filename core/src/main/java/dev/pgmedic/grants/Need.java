package dev.pgmedic.grants;

import java.util.List;

/**
 * One right that a role needs.
 *
 * @param topic a stable word for it
 * @param held whether the role has it
 * @param usual whether everybody has it unless somebody took it away
 * @param purpose what for, so that "may" or "may not" can stand before it
 * @param without what is lost without it
 * @param statements the SQL that gives it, without semicolons; safe to run again; empty where no
 *     statement should
 * @param advice what a person can do where no statement should; empty where one helps
 */
public record Need(
    String topic,
    boolean held,
    boolean usual,
    String purpose,
    String without,
    List<String> statements,
    List<String> advice) {

  /** Copies the lists. */
  public Need {
    statements = List.copyOf(statements);
    advice = List.copyOf(advice);
  }

  /** A right that somebody has to grant. */
  static Need of(
      String topic, boolean held, String purpose, String without, List<String> statements) {
    return new Need(topic, held, false, purpose, without, statements, List.of());
  }

  /** A right that everybody has unless somebody took it away. */
  static Need usual(
      String topic, boolean held, String purpose, String without, List<String> statements) {
    return new Need(topic, held, true, purpose, without, statements, List.of());
  }
}
