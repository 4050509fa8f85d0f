package dev.pgmedic.store;

import dev.pgmedic.task.RecoveryTask;

/**
 * A worker's right to execute a task, until its lease ends or another worker takes over.
 *
 * @param task the task as it was when it was claimed
 * @param fence grows with every claim: what was opened under an older one is ended
 * @param takenOver whether another worker had begun it
 */
public record Claim(RecoveryTask task, long fence, boolean takenOver) {}
