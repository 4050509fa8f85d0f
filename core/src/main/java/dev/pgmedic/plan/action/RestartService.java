package dev.pgmedic.plan.action;

import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.Variables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Restarts a service of the target once the database is healed, by a command of the configuration
 * file. Runs after the migration lock is given back: the service may migrate at its start.
 *
 * @param command the program and its arguments; run without a shell
 */
public record RestartService(List<String> command) implements Action {

  static final String TYPE = "restart_service";

  /** Copies the command. */
  public RestartService {
    command = List.copyOf(command);
  }

  @Override
  public StepType type() {
    return StepType.RESTART_SERVICE;
  }

  @Override
  public String title() {
    return "Restart: " + String.join(" ", command);
  }

  @Override
  public List<String> words() {
    return command;
  }

  // A digest names the words of a command, not the program that they will find.
  @Override
  public List<String> notPinned() {
    List<String> open = new ArrayList<>();
    open.add("the program that its command finds");
    open.addAll(variables(command));
    return open;
  }

  /**
   * What a digest of a command's words leaves open because the environment of the worker says it.
   */
  static List<String> variables(List<String> words) {
    return words.stream()
        .flatMap(word -> Variables.named(word).stream())
        .distinct()
        .map(name -> "what ${" + name + "} stands for")
        .toList();
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
    return "all steps before it succeeded";
  }

  @Override
  public String postcondition() {
    return String.join(" ", command) + " ended with 0";
  }
}
