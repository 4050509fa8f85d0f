package dev.pgmedic.target;

import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.issue.IssueCode.Healing;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What may happen to a target with whose leave, and when not.
 *
 * @param proposed the faults whose healing is proposed by itself; others are when somebody asks
 * @param automatic the faults whose healing may run without a person, all of them proposed
 * @param approvers how many different names must approve a plan, at least 1
 * @param requesterApproves whether who asked for a plan counts among them
 * @param quietHours when nothing starts
 */
public record Policy(
    Set<IssueCode> proposed,
    Set<IssueCode> automatic,
    int approvers,
    boolean requesterApproves,
    List<QuietHours> quietHours) {

  /** What holds where the configuration says nothing: one approver, and nothing without. */
  public static final Policy DEFAULT =
      new Policy(
          Arrays.stream(IssueCode.values())
              .filter(code -> code.healing() == Healing.PROPOSED)
              .collect(Collectors.toSet()),
          Set.of(),
          1,
          true,
          List.of());

  // Windows that follow one another are one; those that never end are looked at again later.
  private static final int MOST_WINDOWS = 16;

  /** Copies the collections; rejects what could never run and what nobody could approve. */
  public Policy {
    proposed = Set.copyOf(proposed);
    automatic = Set.copyOf(automatic);
    quietHours = List.copyOf(quietHours);
    if (approvers < 1) {
      throw new IllegalArgumentException("approvers: expected at least 1");
    }
    for (IssueCode code : automatic) {
      if (!proposed.contains(code)) {
        throw new IllegalArgumentException(
            "automatic: " + code + " is not proposed by itself; expected it under propose: too");
      }
    }
  }

  /** Until when a plan that heals these must not start; empty when it may now. */
  public Optional<Instant> quietUntil(Collection<IssueCode> codes, Instant now) {
    return quietUntil(codes, now, MOST_WINDOWS);
  }

  private Optional<Instant> quietUntil(Collection<IssueCode> codes, Instant now, int windows) {
    Optional<Instant> end =
        quietHours.stream()
            .filter(window -> !window.spares(codes))
            .flatMap(window -> window.end(now).stream())
            .max(Comparator.naturalOrder());
    return windows == 1
        ? end
        : end.map(until -> quietUntil(codes, until, windows - 1).orElse(until));
  }
}
