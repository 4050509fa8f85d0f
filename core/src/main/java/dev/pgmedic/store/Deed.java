package dev.pgmedic.store;

import java.util.Locale;

/**
 * A change and who makes it, as the audit keeps it.
 *
 * @param actor who
 * @param action what they do
 * @param target the target; empty where it is not known
 * @param subject what it is done to: the id of a task or an issue, a version, a schema, the name of
 *     a token or a webhook; empty where that is the target
 * @param digest of what they saw; empty where they named none
 * @param comment why; may be empty
 */
public record Deed(
    Actor actor, Action action, String target, String subject, String digest, String comment) {

  /** What can be done. */
  public enum Action {
    APPROVE,
    REJECT,
    CANCEL,
    UNDO,
    PROPOSE,
    RESOLVE,
    ACCEPT,
    SILENCE,
    CONFIRM,
    EMPTY_QUARANTINE,
    CREATE_TOKEN,
    REVOKE_TOKEN,
    CREATE_WEBHOOK,
    DELETE_WEBHOOK,
    REPLAY_WEBHOOK,
    CHECK,
    SIGN_IN,
    SIGN_OUT;

    /** As it is written in the store and in JSON. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
