package dev.pgmedic.target;

import java.util.List;

/**
 * Whether and how the migrations of a target are replayed in a scratch database.
 *
 * @param wanted false where the owner wants none
 * @param command what brings a database to {@code {version}}; empty means that pgmedic runs SQL
 *     files itself, and nothing else
 */
public record Replay(boolean wanted, List<String> command) {

  /** SQL files are replayed, and no command is run. */
  public static final Replay OF_FILES = new Replay(true, List.of());

  /** Nothing is replayed. */
  public static final Replay OFF = new Replay(false, List.of());

  /** Copies the command. */
  public Replay {
    command = List.copyOf(command);
  }

  /** By this command, once it was seen where it is meant to work. */
  public static Replay by(List<String> command) {
    return new Replay(true, command);
  }
}
