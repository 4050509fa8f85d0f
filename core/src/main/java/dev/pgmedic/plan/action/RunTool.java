package dev.pgmedic.plan.action;

import dev.pgmedic.plan.PinnedCommand;
import dev.pgmedic.target.Deadlines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the migration tool itself, by the command that the configuration names. It runs under our
 * migration lock, which its environment names ({@code PGMEDIC_LOCK}), and only once the tool's
 * read-only command was seen as a session in the very database of the plan: what a tool reads of
 * its environment is its own affair.
 *
 * @param tool its name
 * @param command what it runs
 * @param look the words of its read-only command
 */
public record RunTool(String tool, PinnedCommand command, List<String> look) implements Action {

  static final String TYPE = "run_tool";

  /** Copies the words. */
  public RunTool {
    look = List.copyOf(look);
  }

  @Override
  public StepType type() {
    return StepType.RUN_TOOL;
  }

  @Override
  public String title() {
    return "Run " + tool + ": " + command.text();
  }

  @Override
  public Effect effect() {
    return Effect.RUNS_COMMAND;
  }

  @Override
  public Duration timeout(Deadlines deadlines) {
    return deadlines.command();
  }

  @Override
  public String precondition() {
    return "\""
        + String.join(" ", look)
        + "\" is seen as a session in this database, and no file in "
        + command.directory()
        + " is another than when the plan was made";
  }

  @Override
  public String postcondition() {
    return command.text() + " ended with 0";
  }

  @Override
  public List<String> words() {
    return command.words();
  }

  @Override
  public List<String> notPinned() {
    List<String> open = new ArrayList<>();
    open.add("what " + command.executable() + " loads from elsewhere");
    if (!command.leftOut().isEmpty()) {
      open.add("the folders " + String.join(", ", command.leftOut()));
    }
    open.addAll(RestartService.variables(command.words()));
    return open;
  }
}
