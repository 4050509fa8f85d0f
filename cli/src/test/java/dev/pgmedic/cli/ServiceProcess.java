package dev.pgmedic.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code pgmedic up} in a process of its own, as a user starts it. */
final class ServiceProcess implements AutoCloseable {

  private static final Pattern ADDRESS = Pattern.compile("(http://[^/]+)/api/health/database");

  private static final Duration TIME_TO_STOP = Duration.ofSeconds(60);

  private final Process process;
  private final String base;

  private ServiceProcess(Process process, String base) {
    this.process = process;
    this.base = base;
  }

  /** Starts the service, with options for Java, and waits until it says where it listens. */
  static ServiceProcess up(Path config, String... options) throws IOException {
    return up(config, Map.of(), options);
  }

  /** As {@link #up(Path, String...)}, with this in its environment. */
  static ServiceProcess up(Path config, Map<String, String> environment, String... options)
      throws IOException {
    return start(config, "127.0.0.1:0", environment, options);
  }

  /** As {@link #up(Path, String...)}, at an address that it may come back to. */
  static ServiceProcess at(String listen, Path config) throws IOException {
    return start(config, listen, Map.of());
  }

  private static ServiceProcess start(
      Path config, String listen, Map<String, String> environment, String... options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.pgmedic.cli.Pgmedic",
            "up",
            "-c",
            config.toString(),
            "--listen",
            listen));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectError(
                ProcessBuilder.Redirect.appendTo(config.resolveSibling("up.log").toFile()));
    builder.environment().putAll(environment);
    Process process = builder.start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher address = ADDRESS.matcher(line);
      if (address.find()) {
        return new ServiceProcess(process, address.group(1));
      }
    }
    throw new IOException("did not start: " + Files.readString(config.resolveSibling("up.log")));
  }

  String base() {
    return base;
  }

  Api api(String token) {
    return new Api(base, token);
  }

  /** Sends a signal, such as {@code STOP}. */
  void signal(String name) throws IOException, InterruptedException {
    int exit = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
    if (exit != 0) {
      throw new IOException("kill -" + name + " ended with " + exit);
    }
  }

  /** SIGKILL: no shutdown hook runs. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Stops it as an operator does; one that does not stop, paused or hanging, is killed. */
  @Override
  public void close() {
    process.destroy();
    process
        .onExit()
        .completeOnTimeout(process, TIME_TO_STOP.toSeconds(), TimeUnit.SECONDS)
        .thenAccept(late -> late.destroyForcibly())
        .join();
    process.onExit().join();
  }
}
