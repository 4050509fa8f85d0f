package dev.pgmedic.testing;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;

/**
 * Ends the test run when Vert.x's blocked-thread checker speaks: an event loop that is blocked once
 * in a test is blocked every day in production. Hung up in logback-test.xml.
 *
 * <p>A process that a test pauses is started with {@link #MAY_BE_PAUSED}: whatever its loops were
 * doing lasts as long as the pause, and that is no fault of theirs.
 */
public final class BlockedThreads extends AppenderBase<ILoggingEvent> {

  /** The option for the Java of a process that is paused. */
  public static final String MAY_BE_PAUSED = "-Dpgmedic.test.may-be-paused=true";

  private static final int BLOCKED = 86;

  @Override
  protected void append(ILoggingEvent event) {
    if (Boolean.getBoolean("pgmedic.test.may-be-paused")) {
      return;
    }
    String told = "BLOCKED THREAD: " + event.getFormattedMessage();
    try {
      java.nio.file.Files.writeString(java.nio.file.Path.of("target", "blocked-thread.txt"), told);
    } catch (java.io.IOException e) {
      addError(told, e);
    }
    Runtime.getRuntime().halt(BLOCKED);
  }
}
