package dev.pgmedic.plan;

import java.util.List;
import java.util.Optional;

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
  public String kind() {
    return TYPE;
  }

  @Override
  public Optional<String> statements() {
    return Optional.empty();
  }

  @Override
  public Effect effect() {
    return Effect.RUNS_COMMAND;
  }

  @Override
  public List<String> locks() {
    return List.of();
  }

  @Override
  public String precondition() {
    return "all steps before it succeeded";
  }

  @Override
  public String postcondition() {
    return String.join(" ", command) + " ended with 0";
  }

  @Override
  public Optional<String> undo() {
    return Optional.empty();
  }
}
