package dev.pgmedic.task;

import java.time.Instant;
import java.util.Optional;

/**
 * What somebody decided about a task.
 *
 * @param by the name of the token that decided
 * @param onBehalfOf for whom it said that it acts; a claim that nothing proves
 * @param decision {@code approve} or {@code reject}
 * @param planDigest the plan that they saw
 * @param comment why, in their words; may be empty
 * @param acceptDataLoss whether they accepted that what is lost stays lost
 * @param at when, by the store's clock
 */
public record Approval(
    String by,
    Optional<String> onBehalfOf,
    String decision,
    String planDigest,
    String comment,
    boolean acceptDataLoss,
    Instant at) {}
