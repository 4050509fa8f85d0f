package dev.pgmedic.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code postmaster.pid} says about who serves a folder, held against the living processes: a
 * number alone proves nothing, because after a crash it may belong to anybody, another PostgreSQL
 * included, and {@code pg_ctl stop} would end that one.
 */
final class PidFile {

  /** Above any number that a kernel gives out, so that the server takes the file for an old one. */
  private static final String NOBODY = Integer.toString(Integer.MAX_VALUE);

  private final Path data;
  private final Path file;

  PidFile(Path data) {
    this.data = data;
    this.file = data.resolve("postmaster.pid");
  }

  /** Whether the process that the file names lives and serves this folder. */
  boolean namesOurServer() throws IOException {
    Optional<ProcessHandle> process = process();
    return process.isPresent() && serves(process.get());
  }

  /**
   * Takes the number of a process that is not our server out of the file, or the server would
   * refuse to start. The other lines stay: by them it finds out whether sessions of an old server
   * still use the data, which a deleted file would hide.
   */
  void forgetStranger() throws IOException {
    Optional<ProcessHandle> process = process();
    if (process.isEmpty() || serves(process.get())) {
      return;
    }
    List<String> lines = Files.readAllLines(file);
    lines.set(0, NOBODY);
    Files.write(file, lines);
  }

  private Optional<ProcessHandle> process() throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    return Files.readAllLines(file).stream()
        .findFirst()
        .map(String::strip)
        .filter(number -> number.matches("\\d{1,10}"))
        .flatMap(number -> ProcessHandle.of(Long.parseLong(number)))
        .filter(ProcessHandle::isAlive);
  }

  // A server works in its data folder, which Linux shows, also after the folder was renamed.
  private boolean serves(ProcessHandle process) throws IOException {
    ProcessHandle.Info info = process.info();
    if (!info.command().orElse("").endsWith("postgres")) {
      return false;
    }
    Path works = Path.of("/proc", Long.toString(process.pid()), "cwd");
    if (Files.exists(works)) {
      return Files.isSameFile(works, data);
    }
    return info.arguments().map(List::of).orElse(List.of()).contains(data.toString());
  }
}
