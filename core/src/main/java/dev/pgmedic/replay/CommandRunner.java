package dev.pgmedic.replay;

import dev.pgmedic.command.CapturedCommand;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Lets the user's own command migrate the scratch database, but only once the tool's read-only
 * command was seen as a session in it: a command is not believed to follow an environment variable.
 */
final class CommandRunner implements Runner {

  private static final String VERSION = "{version}";
  private static final int LOOKS = 50;
  private static final long LOOK_MILLIS = 100;

  private final Vertx vertx;
  private final Course course;
  private final List<String> command;
  private final ScratchCommand scratch;
  private final ScratchDatabase database;

  CommandRunner(
      Vertx vertx,
      Course course,
      List<String> command,
      ScratchCommand scratch,
      ScratchDatabase database) {
    this.vertx = vertx;
    this.course = course;
    this.command = List.copyOf(command);
    this.scratch = scratch;
    this.database = database;
  }

  /** Whether a command can be told how far to go. */
  static boolean isStepwise(List<String> command) {
    return command.stream().anyMatch(word -> word.contains(VERSION));
  }

  @Override
  public Future<Void> prepare() {
    List<String> looking = course.tool().readOnly(command);
    if (looking.isEmpty()) {
      return Future.failedFuture(
          new ReplayFailed(
              "no read-only command of "
                  + course.tool().name()
                  + " is known that shows which database \""
                  + String.join(" ", command)
                  + "\" works on, so it is not run"));
    }
    return database
        .sessions()
        .compose(before ->
            scratch
                .run(looking)
                .compose(ended ->
                    isSeen(before, LOOKS)
                        .compose(seen ->
                            seen
                                ? Future.succeededFuture()
                                : Future.failedFuture(elsewhere(looking, ended)))));
  }

  // A session is counted when it has ended, and that a little later.
  private Future<Boolean> isSeen(long before, int looks) {
    return database
        .sessions()
        .compose(now ->
            now > before || looks == 0
                ? Future.succeededFuture(now > before)
                : vertx
                    .timer(LOOK_MILLIS, TimeUnit.MILLISECONDS)
                    .compose(later -> isSeen(before, looks - 1)));
  }

  private ReplayFailed elsewhere(List<String> looking, CapturedCommand.Ended ended) {
    String reads =
        course
            .tool()
            .urlSetting(course.project())
            .map(setting -> "it reads " + setting + " instead")
            .orElse("it reads settings of its own instead");
    return new ReplayFailed(
        "\""
            + String.join(" ", looking)
            + "\" did not connect to the scratch database that its environment names: "
            + reads
            + ", so nothing was replayed"
            + (ended.said().isEmpty() ? "" : " (it said: " + ended.said() + ")"));
  }

  @Override
  public Future<Void> run(Course.Leg leg) {
    List<String> words =
        command.stream().map(word -> word.replace(VERSION, leg.version())).toList();
    return scratch
        .run(words)
        .compose(ended ->
            ended.exit() == 0
                ? Future.succeededFuture()
                : Future.failedFuture(
                    new ReplayFailed(
                        "\""
                            + String.join(" ", words)
                            + "\" ended with "
                            + ended.exit()
                            + ": "
                            + ended.said())));
  }
}
