package dev.pgmedic.issue;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * An issue as it is served. Its JSON names are a contract with users.
 *
 * @param id the issue
 * @param target the target that has it
 * @param code its kind
 * @param subject what it is about
 * @param severity how bad it is
 * @param state whether it still lasts, in one word
 * @param message one sentence
 * @param recommendation what to do
 * @param evidence what a person can check by hand
 * @param firstSeen when it opened
 * @param lastSeen when a check confirmed it last
 * @param recoveryTask the open task that heals it
 * @param silencedUntil until when it does not count
 * @param resolvedAt when it ended
 * @param resolution why it ended
 */
public record IssueView(
    UUID id,
    String target,
    IssueCode code,
    String subject,
    Severity severity,
    String state,
    String message,
    String recommendation,
    Map<String, Object> evidence,
    Instant firstSeen,
    Instant lastSeen,
    Optional<UUID> recoveryTask,
    Optional<Instant> silencedUntil,
    Optional<Instant> resolvedAt,
    Optional<String> resolution) {

  /** An issue as it is served. */
  public static IssueView of(Issue issue) {
    return new IssueView(
        issue.id(),
        issue.target(),
        issue.finding().code(),
        issue.finding().subject(),
        issue.finding().code().severity(),
        issue.open() ? "open" : "resolved",
        issue.finding().message(),
        issue.finding().recommendation(),
        issue.finding().evidence(),
        issue.firstSeen(),
        issue.lastSeen(),
        issue.recoveryTask(),
        issue.silencedUntil(),
        issue.resolution().map(Issue.Resolution::at),
        issue.resolution().map(Issue.Resolution::reason));
  }
}
