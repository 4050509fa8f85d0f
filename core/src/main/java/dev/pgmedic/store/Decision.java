package dev.pgmedic.store;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * What somebody says about a task.
 *
 * @param by the name of the token
 * @param authenticatedBy how we know: {@code token}, or {@code policy} where nobody was asked
 * @param onBehalfOf for whom they say that they act; a claim that nothing proves
 * @param planDigest the plan that they saw
 * @param comment why; may be empty
 * @param acceptDataLoss whether they accept that what is lost stays lost
 */
public record Decision(
    String by,
    String authenticatedBy,
    Optional<String> onBehalfOf,
    String planDigest,
    String comment,
    boolean acceptDataLoss) {

  /** What somebody says for themselves. */
  public Decision(
      String by,
      String authenticatedBy,
      String planDigest,
      String comment,
      boolean acceptDataLoss) {
    this(by, authenticatedBy, Optional.empty(), planDigest, comment, acceptDataLoss);
  }

  /** Who approves what may run without a person. No token is called that. */
  public static final String POLICY = "policy";

  /** The approval of a plan that its target's configuration lets run without a person. */
  static Decision byPolicy(String planDigest) {
    return new Decision(POLICY, POLICY, planDigest, "all that it heals is automatic", false);
  }

  /** Tells of it in an event's data. */
  void tell(JsonObject data) {
    data.put("by", by).put("comment", comment);
    onBehalfOf.ifPresent(claimed -> data.put("on_behalf_of", claimed));
  }

  boolean isByPolicy() {
    return authenticatedBy.equals(POLICY);
  }
}
