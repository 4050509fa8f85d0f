package dev.pgmedic.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pgmedic.target.PostgresUrl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code pgmedic guard} in a process of its own, as a pipeline starts it. */
final class GuardProcess implements AutoCloseable {

  private static final String TAG = "GUARD_UNDER_TEST";

  private final Process process;
  private final Path folder;
  private final String tag;

  private GuardProcess(Process process, Path folder, String tag) {
    this.process = process;
    this.folder = folder;
    this.tag = tag;
  }

  /**
   * What to start.
   *
   * @param folder where it works and where its output goes; one for each guard
   * @param arguments of {@code guard}, with the command behind {@code --}
   * @param environment on top of ours
   */
  record Start(Path folder, List<String> arguments, Map<String, String> environment) {

    static Start of(Path folder, PostgresUrl url, String... arguments) {
      List<String> all = new ArrayList<>(List.of("--url", url.reveal()));
      all.addAll(Arrays.asList(arguments));
      return new Start(folder, all, Map.of());
    }

    Start with(String name, String value) {
      Map<String, String> more = new HashMap<>(environment);
      more.put(name, value);
      return new Start(folder, arguments, more);
    }

    GuardProcess start() throws IOException {
      Files.createDirectories(folder);
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-Dio.netty.jfr.enabled=false",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "dev.pgmedic.cli.Pgmedic",
                  "guard"));
      command.addAll(arguments);
      String tag = UUID.randomUUID().toString();
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(folder.resolve("guard.out").toFile())
              .redirectError(folder.resolve("guard.err").toFile());
      builder.environment().putAll(environment);
      builder.environment().put(TAG, tag);
      return new GuardProcess(builder.start(), folder, tag);
    }
  }

  static GuardProcess start(Path folder, PostgresUrl url, String... arguments) throws IOException {
    return Start.of(folder, url, arguments).start();
  }

  /** Its exit code; fails when it has not ended after some minutes. */
  int exit() throws IOException, InterruptedException {
    if (!process.waitFor(150, TimeUnit.SECONDS)) {
      throw new AssertionError("guard did not end within 150 s; so far it said: " + err());
    }
    return process.exitValue();
  }

  String out() throws IOException {
    return Files.readString(folder.resolve("guard.out"), StandardCharsets.UTF_8);
  }

  String err() throws IOException {
    return Files.readString(folder.resolve("guard.err"), StandardCharsets.UTF_8);
  }

  /** The cause of its exit. */
  String lastLine() throws IOException {
    return err().lines().reduce("", (before, line) -> line);
  }

  /** It ended with this code, and said these words in one line and nothing else. */
  void assertSaid(int code, String... words) throws IOException, InterruptedException {
    assertThat(exit()).as(err()).isEqualTo(code);
    assertThat(err().lines()).singleElement().asString().startsWith("pgmedic: ").contains(words);
  }

  /** As {@link #assertSaid}, and its command, {@code touch ran}, did not run. */
  void assertRefused(int code, String... words) throws IOException, InterruptedException {
    assertSaid(code, words);
    assertThat(folder.resolve("ran")).doesNotExist();
  }

  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-s", name, Long.toString(process.pid())).start().waitFor();
  }

  /** SIGKILL: nothing of its own runs any more. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** What lives of it: itself, its command, its supervisor, and all that they started. */
  List<ProcessHandle> family() throws IOException {
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.filter(this::belongs).toList();
    }
  }

  private boolean belongs(ProcessHandle candidate) {
    try {
      byte[] environment = Files.readAllBytes(Path.of("/proc/" + candidate.pid() + "/environ"));
      return new String(environment, StandardCharsets.ISO_8859_1).contains(tag);
    } catch (IOException e) {
      return false; // gone meanwhile, or a kernel thread
    }
  }

  @Override
  public void close() throws IOException {
    kill();
    family().forEach(ProcessHandle::destroyForcibly);
  }
}
