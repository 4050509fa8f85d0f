package dev.pgmedic.style;

import dev.pgmedic.style.JavaFile.Use;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Something that no file may use, but for those that {@code allowed} lets pass.
 *
 * @param reason what goes wrong with it
 * @param instead what to write in its place
 */
record Ban(BiPredicate<JavaFile, Use> banned, String reason, String instead) {

  /**
   * The classes that may call {@code executeBlocking}: each wraps a library or a file that knows no
   * other way. Whoever adds one says why in the class itself.
   */
  static final Set<String> BLOCKING =
      Set.of(
          "Acceptor",
          "Replayer",
          "ReplayKeeper",
          "ScratchServer",
          "SqlRunner",
          "Histories",
          "Proposer",
          "BaselineKeeper",
          "ApiVerticle",
          "CapturedCommand",
          "CapturedOutput",
          "HalfVersions",
          "NamedAgain",
          "Pinning",
          "Prescriber",
          "ToolSighting",
          "Processes",
          "Resolver");

  static final List<Ban> ALL =
      List.of(
          new Ban(
              matches("System\\.currentTimeMillis"),
              "it is a clock that no test can set",
              "an Instant or InstantSource that is handed in"),
          new Ban(
              matches("(.*\\.)?(Thread|TimeUnit|[A-Z]*SECONDS|MINUTES)\\.sleep"),
              "it blocks a thread, and in a test it is either too short or too long",
              "vertx.timer(...), or in a test Awaitility or a signal"),
          new Ban(
              matches(".+\\.await")
                  .and((file, use) -> use.arguments() > 0)
                  .and((file, use) -> !use.what().endsWith("Awaitility.await")),
              "after a time limit the work goes on with nobody watching it",
              "Future.timeout with a cancel, or await() on a future that has a limit"),
          new Ban(
              matches("(.*\\.)?Promise\\.promise|new(.*\\.)?Promise")
                  .and((file, use) -> !file.text().contains("// adapter:")),
              "a promise that one path forgets never completes",
              "compose and map; to adapt a callback, with a comment '// adapter: <of what>'"),
          new Ban(
              matches("(.*\\.)?executeBlocking")
                  .and((file, use) -> !BLOCKING.contains(file.simpleName())),
              "it takes a thread of a small pool that others wait for",
              "a call that returns a Future, or an entry in Ban.BLOCKING with its reason"),
          new Ban(
              matches("(.*\\.)?printStackTrace"),
              "it goes past the log and names neither database nor task",
              "a log statement with setCause"),
          new Ban(
              matches("(java\\.lang\\.)?System\\.(out|err)")
                  .and((file, use) -> !isOrIsBelow(file.packageName(), "dev.pgmedic.cli")),
              "only the command line talks to a terminal",
              "a log statement, or a value returned to dev.pgmedic.cli"));

  /** Written in two parts so that this file may be checked too. */
  private static final Pattern LEFTOVER = Pattern.compile("\\b(FIX" + "ME|TO" + "DO)\\b");

  static Stream<String> violations(JavaFile file) {
    return Stream.concat(
        ALL.stream().flatMap(ban -> ban.in(file)).distinct(),
        Lines.matching(file, LEFTOVER)
            .map(at -> at + "leftover mark: nobody comes back to it. Do it, or file an issue"));
  }

  private Stream<String> in(JavaFile file) {
    return file.uses().stream()
        .filter(use -> banned.test(file, use))
        .map(use -> file.path() + ":" + use.line() + ": " + last(use.what()) + message());
  }

  private String message() {
    return " is banned: " + reason + ". Instead: " + instead;
  }

  /** The last two names of a chain: {@code Thread.sleep}, {@code ).await}. */
  private static String last(String what) {
    return what.replaceAll("^.*\\.(?=[^.]*\\.[^.]*$)", "");
  }

  private static BiPredicate<JavaFile, Use> matches(String regex) {
    var pattern = Pattern.compile(regex);
    return (file, use) -> pattern.matcher(use.what()).matches();
  }

  private static boolean isOrIsBelow(String name, String packageName) {
    return name.equals(packageName) || name.startsWith(packageName + ".");
  }
}
