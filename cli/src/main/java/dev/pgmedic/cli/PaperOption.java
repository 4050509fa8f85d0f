package dev.pgmedic.cli;

import java.io.Console;
import picocli.CommandLine.Option;

/** Whether output is in colour, and where its lines end. */
final class PaperOption {

  private static final int USUAL_WIDTH = 80;
  private static final int NARROWEST = 40;

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      description =
          "auto, always or never; default auto: on a terminal, unless NO_COLOR is set or TERM is"
              + " dumb.")
  private When when = When.AUTO;

  private enum When {
    AUTO,
    ALWAYS,
    NEVER
  }

  Paper paper() {
    boolean terminal = isTerminal();
    boolean coloured =
        switch (when) {
          case ALWAYS -> true;
          case NEVER -> false;
          case AUTO -> terminal && !isUnwanted();
        };
    return new Paper(coloured, terminal ? width() : Paper.PLAIN.width());
  }

  /** See <a href="https://no-color.org">no-color.org</a>: set means set to anything but nothing. */
  private static boolean isUnwanted() {
    return Environment.get("NO_COLOR").filter(value -> !value.isEmpty()).isPresent()
        || Environment.get("TERM").filter("dumb"::equals).isPresent();
  }

  // A shell sets COLUMNS for itself; who exports it means it.
  private static int width() {
    return Environment.get("COLUMNS")
        .filter(text -> text.matches("\\d{1,4}"))
        .map(Integer::parseInt)
        .map(columns -> Math.max(columns, NARROWEST))
        .orElse(USUAL_WIDTH);
  }

  @SuppressWarnings(
      "SystemConsoleNull") // null on Java 21, never since 22: both are asked for below
  static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
    } catch (NoSuchMethodException e) {
      return true; // before Java 22 there is a console on a terminal alone
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }
}
