package dev.pgmedic.check;

import java.util.Optional;

/**
 * One check and what it leaves for the next.
 *
 * @param diagnosis what it found
 * @param struggles whether the server has more to do than it can: it kept us waiting to a deadline,
 *     or has no connection or memory to spare
 * @param memory what the next check needs to be cheap; absent when the target was never seen
 */
public record Look(Diagnosis diagnosis, boolean struggles, Optional<LastLook> memory) {}
