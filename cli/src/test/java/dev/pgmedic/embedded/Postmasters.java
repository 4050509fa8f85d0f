package dev.pgmedic.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The living servers of a folder, found without the code under test. */
final class Postmasters {

  private Postmasters() {}

  static List<ProcessHandle> of(Path store) throws IOException {
    String data = store.toRealPath().resolve("postgres").toString();
    Predicate<ProcessHandle> serves =
        process -> process.info().arguments().map(List::of).orElse(List.of()).contains(data);
    Predicate<ProcessHandle> isServer =
        process -> process.info().command().orElse("").endsWith("/postgres");
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.filter(isServer.and(serves)).toList();
    }
  }

  /** Kills without a chance to clean up, and waits until the process is gone. */
  static void kill(ProcessHandle process) throws Exception {
    process.destroyForcibly();
    process.onExit().get();
  }

  /** Writes another process into the pid file of a server that was closed. */
  static void writePidFile(Path store, String whileOpen, long pid) throws IOException {
    String[] lines = whileOpen.split("\n", 2);
    Files.writeString(store.resolve("postgres/postmaster.pid"), pid + "\n" + lines[1]);
  }
}
