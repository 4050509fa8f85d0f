package dev.pgmedic.plan;

import dev.pgmedic.issue.Finding;
import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.json.Json;
import dev.pgmedic.target.Policy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * An ordered list of steps that heals a set of faults.
 *
 * @param target the target's name
 * @param identity which database it was made for
 * @param digest a hash of all that would run, and where
 * @param fingerprint a hash of the observed state that it was made for
 * @param summary what it does, in a sentence or two
 * @param heals the faults that are gone afterwards
 * @param dataLoss what stays lost
 * @param steps in the order in which they run; the last one verifies
 * @param notPinned what the digest could not cover
 */
public record RecoveryPlan(
    String target,
    TargetIdentity identity,
    String digest,
    String fingerprint,
    String summary,
    List<Finding.Key> heals,
    List<DataLoss> dataLoss,
    List<Step> steps,
    List<String> notPinned) {

  /** Copies the lists. */
  public RecoveryPlan {
    heals = List.copyOf(heals);
    dataLoss = List.copyOf(dataLoss);
    steps = List.copyOf(steps);
    notPinned = List.copyOf(notPinned);
  }

  /** Makes a plan and hashes it. */
  static RecoveryPlan of(
      String target, TargetIdentity identity, String fingerprint, Content content) {
    return new RecoveryPlan(
        target,
        identity,
        digest(identity, content.steps()),
        fingerprint,
        content.summary(),
        content.heals(),
        content.dataLoss(),
        content.steps(),
        notPinned(content.steps()));
  }

  private static List<String> notPinned(List<Step> steps) {
    return steps.stream()
        .flatMap(step ->
            step.action().notPinned().stream().map(what -> "step " + step.index() + ": " + what))
        .toList();
  }

  /** What a plan says and does, before it is hashed. */
  record Content(
      String summary, List<Finding.Key> heals, List<DataLoss> dataLoss, List<Step> steps) {}

  /**
   * Computes the digest anew from what would run: the executor compares it with what was approved.
   */
  public String recomputedDigest() {
    return digest(identity, steps);
  }

  /** The kinds of faults that it heals. */
  public Set<IssueCode> codes() {
    return heals.stream().map(Finding.Key::code).collect(Collectors.toSet());
  }

  /**
   * Whether it may run without a person: its target's owner listed all that it heals, nothing stays
   * lost, and it runs nothing that its digest does not cover.
   */
  public boolean runsAlone(Policy policy) {
    return !heals.isEmpty()
        && policy.automatic().containsAll(codes())
        && dataLoss.isEmpty()
        && notPinned.isEmpty();
  }

  private static String digest(TargetIdentity identity, List<Step> steps) {
    return Json.digest(
        Map.of(
            "identity",
            identity,
            "steps",
            steps.stream().map(RecoveryPlan::pinned).collect(Collectors.toList())));
  }

  private static Map<String, Object> pinned(Step step) {
    Map<String, Object> pinned = new TreeMap<>();
    pinned.put("index", step.index());
    pinned.put("action", step.action());
    pinned.put("sql", step.action().statements());
    pinned.put("condition", step.action().condition());
    pinned.put("undo", step.action().undo());
    pinned.put("timeout", step.timeout());
    return pinned;
  }
}
