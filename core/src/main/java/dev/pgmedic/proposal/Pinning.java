package dev.pgmedic.proposal;

import dev.pgmedic.command.CommandNotStarted;
import dev.pgmedic.command.Executables;
import dev.pgmedic.command.FolderDigests;
import dev.pgmedic.plan.PinnedCommand;
import dev.pgmedic.target.Migrations;
import dev.pgmedic.target.Variables;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds out what exactly a command of the configuration would run. */
public final class Pinning {

  private Pinning() {}

  /**
   * Resolves and hashes the command that brings a target to head, on a worker thread.
   *
   * <p>Completes with all that can be pinned; fails with {@link IOException} when a file cannot be
   * read or there are too many to hash, and with {@link CommandNotStarted} when there is no such
   * program.
   *
   * @param migrations names the command and the directory
   */
  public static Future<PinnedCommand> upgrade(Vertx vertx, Migrations migrations) {
    return vertx.executeBlocking(() -> upgrade(migrations), false);
  }

  private static PinnedCommand upgrade(Migrations migrations) throws IOException {
    List<String> words = migrations.upgrade();
    Path directory = migrations.directory().orElseThrow().toAbsolutePath().normalize();
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    Path executable =
        Executables.resolve(Variables.ofProcess().filled(words.get(0)), path, directory)
            .toRealPath();
    FolderDigests digests = FolderDigests.of(directory);
    return new PinnedCommand(
        words,
        executable.toString(),
        directory.toString(),
        List.copyOf(migrations.environment().keySet()),
        digests.files(),
        digests.leftOut());
  }
}
