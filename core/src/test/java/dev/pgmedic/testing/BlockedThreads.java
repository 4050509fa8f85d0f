package dev.pgmedic.testing;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;

/**
 * Ends the test run when Vert.x's blocked-thread checker speaks: an event loop that is blocked once
 * in a test is blocked every day in production. Hung up in logback-test.xml.
 */
public final class BlockedThreads extends AppenderBase<ILoggingEvent> {

  private static final int BLOCKED = 86;

  @Override
  protected void append(ILoggingEvent event) {
    String told = "BLOCKED THREAD: " + event.getFormattedMessage();
    try {
      java.nio.file.Files.writeString(java.nio.file.Path.of("target", "blocked-thread.txt"), told);
    } catch (java.io.IOException e) {
      addError(told, e);
    }
    Runtime.getRuntime().halt(BLOCKED);
  }
}
