package dev.pgmedic.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code pgmedic up} in a process of its own, as a user starts it. */
final class ServiceProcess implements AutoCloseable {

  private static final Pattern ADDRESS = Pattern.compile("(http://[^/]+)/api/health/database");

  private final Process process;
  private final String base;

  private ServiceProcess(Process process, String base) {
    this.process = process;
    this.base = base;
  }

  /** Starts the service, with options for Java, and waits until it says where it listens. */
  static ServiceProcess up(Path config, String... options) throws IOException {
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
            "127.0.0.1:0"));
    Process process =
        new ProcessBuilder(command)
            .redirectError(
                ProcessBuilder.Redirect.appendTo(config.resolveSibling("up.log").toFile()))
            .start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher address = ADDRESS.matcher(line);
      if (address.find()) {
        return new ServiceProcess(process, address.group(1));
      }
    }
    throw new IOException("did not start: " + Files.readString(config.resolveSibling("up.log")));
  }

  Api api(String token) {
    return new Api(base, token);
  }

  /** SIGKILL: no shutdown hook runs. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
