package dev.pgmedic.doctor;

import dev.pgmedic.command.CommandNotStarted;
import dev.pgmedic.command.Executables;
import dev.pgmedic.doctor.Examination.Part;
import dev.pgmedic.target.Recovery;
import dev.pgmedic.target.Target;
import dev.pgmedic.target.Variables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files and commands that the configuration names. Blocking. */
final class FileRounds {

  private final Target target;
  private final String searchPath;
  private final List<Probe> probes = new ArrayList<>();

  /**
   * Looks at a target's files.
   *
   * @param searchPath the folders in which commands are looked for, as in {@code PATH}
   */
  FileRounds(Target target, String searchPath) {
    this.target = target;
    this.searchPath = searchPath;
  }

  Examination look() {
    Optional<Path> directory = target.migrations().directory();
    probes.add(directory.map(FileRounds::directory).orElseGet(FileRounds::noDirectory));
    if (target.recovery().isPresent()) {
      probes.add(upgrade());
    }
    target
        .recovery()
        .map(Recovery::restart)
        .orElse(List.of())
        .forEach(command -> probes.add(command("restart", command, Path.of("").toAbsolutePath())));
    return new Examination(Part.FILES, directory.map(Path::toString), probes);
  }

  private static Probe noDirectory() {
    return Probe.warning(
        "directory",
        "no migrations.directory is named",
        "pending migrations and versions that no file has are not seen",
        "migrations: {directory: ...}");
  }

  private static Probe directory(Path directory) {
    if (Files.isDirectory(directory) && Files.isReadable(directory)) {
      return Probe.ok("directory", "is there and readable");
    }
    return Probe.missing(
        "directory",
        (Files.exists(directory) ? "no folder that may be read: " : "there is no such folder: ")
            + directory,
        "pending migrations and versions that no file has are not seen",
        "migrations: {directory: ...}   # relative to the file");
  }

  private Probe upgrade() {
    List<String> words = target.migrations().upgrade();
    return words.isEmpty()
        ? Probe.ok("upgrade", "no migrations.upgrade is named: what needs the tool a person runs")
        : command(
            "upgrade",
            words,
            target.migrations().directory().orElseGet(() -> Path.of("").toAbsolutePath()));
  }

  private Probe command(String name, List<String> words, Path directory) {
    String line = String.join(" ", words);
    try {
      var unused =
          Executables.resolve(Variables.ofProcess().filled(words.get(0)), searchPath, directory);
      return Probe.ok(name, line);
    } catch (CommandNotStarted missing) {
      return Probe.missing(
          name,
          String.valueOf(missing.getMessage()),
          "a plan with this command fails: " + line,
          "install it on this machine, or name it by its whole path");
    }
  }

  /** The folder of an embedded store, or the next one above it that is there. */
  static Examination store(Path directory) {
    Path there = directory.toAbsolutePath();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    boolean usable = Files.isDirectory(there) && Files.isWritable(there);
    String found =
        there.equals(directory.toAbsolutePath()) ? "embedded" : "embedded, made at the first start";
    return new Examination(
        Part.STORE,
        Optional.of(directory.toString()),
        List.of(
            usable
                ? Probe.ok("directory", found)
                : Probe.missing(
                    "directory",
                    "may not be written: " + there,
                    "the service does not start",
                    "store: {directory: ...}   # one that this user may write",
                    Refusal.urlLine(Part.STORE))));
  }
}
