package dev.pgmedic.check;

import dev.pgmedic.catalog.Dependence;
import dev.pgmedic.issue.Finding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One check and what it leaves for the next.
 *
 * @param diagnosis what it found
 * @param struggles whether the server has more to do than it can: it kept us waiting to a deadline,
 *     or has no connection or memory to spare
 * @param memory what the next check needs to be cheap; absent when the target was never seen
 */
public record Look(Diagnosis diagnosis, boolean struggles, Optional<LastLook> memory) {

  /** The same with what rests on the objects that drifted. */
  Look surrounded(List<Dependence> dependences) {
    return new Look(diagnosis.surrounded(dependences), struggles, memory);
  }

  /** The same with other words for what was found. */
  Look with(List<Finding> findings) {
    return new Look(diagnosis.with(findings), struggles, memory);
  }

  /** The same, which says nothing of these. */
  Look withholding(Set<Finding.Key> keys) {
    return new Look(diagnosis.withholding(keys), struggles, memory);
  }

  /** The same, and a glance knows what versions left behind, by what tells of them. */
  Look remembering(Map<Finding.Key, List<String>> leftBehind) {
    return new Look(diagnosis, struggles, memory.map(last -> last.of(leftBehind)));
  }
}
