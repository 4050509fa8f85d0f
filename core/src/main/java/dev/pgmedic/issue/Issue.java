package dev.pgmedic.issue;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A fault that opened once, is confirmed while it lasts and resolves with a reason.
 *
 * @param id its own, never reused
 * @param target the name of the target that has it
 * @param finding the fault as the last check saw it
 * @param firstSeen when a check found it first
 * @param lastSeen when a check confirmed it last
 * @param recoveryTask the open recovery task that heals it, if there is one
 * @param silencedUntil until when a person does not want it to count; absent when it counts
 * @param resolution why it ended and when; absent while it is open
 */
public record Issue(
    UUID id,
    String target,
    Finding finding,
    Instant firstSeen,
    Instant lastSeen,
    Optional<UUID> recoveryTask,
    Optional<Instant> silencedUntil,
    Optional<Resolution> resolution) {

  /** Whether the fault still lasts. */
  public boolean open() {
    return resolution.isEmpty();
  }

  /** Whether nobody wants to hear of it now: it lasts, and it makes no target unhealthy. */
  public boolean silenced(Instant now) {
    return silencedUntil.filter(now::isBefore).isPresent();
  }

  /**
   * How an issue ended.
   *
   * @param at when
   * @param reason why, for people
   */
  public record Resolution(Instant at, String reason) {}
}
