package dev.pgmedic.task;

import java.time.Instant;
import java.util.Optional;

/**
 * The journal of one step.
 *
 * @param index the step's number in the plan
 * @param state {@code running}, {@code succeeded} or {@code failed}; {@code undoing} and {@code
 *     undone} when a later step failed and this one is taken back
 * @param startedAt when it began, by the store's clock
 * @param finishedAt when it ended
 * @param output what it said, or has said so far, bounded
 */
public record StepRun(
    int index,
    String state,
    Instant startedAt,
    Optional<Instant> finishedAt,
    Optional<String> output) {}
