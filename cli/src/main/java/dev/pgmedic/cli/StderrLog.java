package dev.pgmedic.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.DefaultJoranConfigurator;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Map;

/**
 * The log of the command: all of it on stderr, from the level in {@code PGMEDIC_LOG} on, else INFO.
 * In code, because to read the same from a file takes a twelfth of all the processor time of a
 * guard. A file that Logback finds by its own rules is read instead, the one that {@code
 * logback.configurationFile} names before all; where the named file is missing, this holds, since
 * Logback's own last resort writes to stdout, among the JSON. Logback finds it as a service.
 */
public final class StderrLog extends ContextAwareBase implements Configurator {

  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{20} %msg %kvp%n%ex{short}";

  // Notices of the server, which steps keep in their journal, come through the last of them.
  private static final Map<String, Level> LEVELS =
      Map.of(
          "org.pgcodekeeper", Level.WARN,
          "io.netty", Level.WARN,
          "io.zonky", Level.WARN,
          "io.vertx.sqlclient.impl.SocketConnectionBase", Level.ERROR);

  @Override
  public ExecutionStatus configure(LoggerContext log) {
    DefaultJoranConfigurator files = new DefaultJoranConfigurator();
    files.setContext(log);
    if (files.configure(log) == ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY) {
      return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(log);
    encoder.setPattern(PATTERN);
    encoder.start();
    ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
    stderr.setContext(log);
    stderr.setTarget("System.err");
    stderr.setEncoder(encoder);
    stderr.start();
    LEVELS.forEach((name, level) -> log.getLogger(name).setLevel(level));
    ch.qos.logback.classic.Logger root = log.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(Environment.get("PGMEDIC_LOG").orElse(""), Level.INFO));
    root.addAppender(stderr);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
