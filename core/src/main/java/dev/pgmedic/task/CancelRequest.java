package dev.pgmedic.task;

import java.time.Instant;

/**
 * That somebody called a task off.
 *
 * @param by the name of the token
 * @param comment why, in their words; may be empty
 * @param at when, by the store's clock
 */
public record CancelRequest(String by, String comment, Instant at) {

  /** In a sentence. */
  public String text() {
    return "called off by " + by + (comment.isEmpty() ? "" : ": " + comment);
  }
}
