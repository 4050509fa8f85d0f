package dev.pgmedic.store;

import dev.pgmedic.task.CancelRequest;
import dev.pgmedic.task.RecoveryTask;

/** Somebody called the task off: the step that was about to begin does not. */
public final class CalledOff extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CalledOff(RecoveryTask task) {
    super(task.cancelRequested().map(CancelRequest::text).orElse("called off"));
  }
}
