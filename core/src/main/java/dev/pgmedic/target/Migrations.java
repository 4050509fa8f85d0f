package dev.pgmedic.target;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a target's schema is migrated.
 *
 * @param tool the tool's name, {@code alembic} or {@code sql}; absent means that it is detected
 * @param table the tool's history table, as SQL writes it; absent means that it is detected
 * @param directory where the migration project is; absent means that no file can be looked at
 * @param upgrade the command that brings the target to head; empty means that a person runs it
 * @param environment what is added to that command's environment, placeholders not yet filled in
 * @param lockKeys advisory lock keys of the project's own
 * @param replay whether and how they are replayed in a scratch database
 */
public record Migrations(
    Optional<String> tool,
    Optional<String> table,
    Optional<Path> directory,
    List<String> upgrade,
    Map<String, String> environment,
    List<Long> lockKeys,
    Replay replay) {

  /** Nothing is known but what the database itself shows. */
  public static final Migrations DETECTED =
      new Migrations(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Map.of(),
          List.of(),
          Replay.OF_FILES);

  /** Copies the collections. */
  public Migrations {
    upgrade = List.copyOf(upgrade);
    environment = Map.copyOf(environment);
    lockKeys = List.copyOf(lockKeys);
  }

  /** The same with its files in this folder. */
  public Migrations withDirectory(Path folder) {
    return new Migrations(tool, table, Optional.of(folder), upgrade, environment, lockKeys, replay);
  }
}
