package dev.pgmedic.task;

import dev.pgmedic.target.Policy;
import java.util.Collection;
import java.util.List;

/**
 * What a task needs to be approved, fixed when it is proposed.
 *
 * @param requestedBy who asked for it; empty when it was proposed by itself
 * @param approvals how many different names must approve it
 * @param requesterApproves whether who asked for it counts among them
 */
public record Terms(List<String> requestedBy, int approvals, boolean requesterApproves) {

  /** Proposed by itself, and one approval is enough. */
  public static final Terms DEFAULT = of(Policy.DEFAULT, List.of());

  /** Copies the names. */
  public Terms {
    requestedBy = List.copyOf(requestedBy);
  }

  /** What the policy of a target asks for. */
  public static Terms of(Policy policy, Collection<String> requestedBy) {
    return new Terms(
        requestedBy.stream().distinct().sorted().toList(),
        policy.approvers(),
        policy.requesterApproves());
  }

  /** Whether the approval of this name counts. */
  public boolean mayApprove(String name) {
    return requesterApproves || !requestedBy.contains(name);
  }

  /** Whether a policy still asks for just this. */
  public boolean fit(Policy policy) {
    return approvals == policy.approvers() && requesterApproves == policy.requesterApproves();
  }
}
