package dev.pgmedic.store;

/**
 * What somebody says about a task.
 *
 * @param by the name of the token
 * @param authenticatedBy how we know: {@code token}
 * @param planDigest the plan that they saw
 * @param comment why; may be empty
 * @param acceptDataLoss whether they accept that what is lost stays lost
 */
public record Decision(
    String by, String authenticatedBy, String planDigest, String comment, boolean acceptDataLoss) {}
