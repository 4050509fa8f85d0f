package dev.pgmedic.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * Where the commands of the ward find their tools: Flyway and Liquibase on the tests' own class
 * path, what comes from npm beside the build, all others on the {@code PATH}.
 */
final class WardTools {

  private static final Path NPM =
      Path.of(System.getProperty("pgmedic.root"), "cli/target/ward-tools/node_modules");

  // The package that everybody asks for has a binary for each platform, which cannot all be locked.
  private static final Path DBMATE = NPM.resolve("@dbmate/linux-x64/bin");

  private static final class Folder {
    static final Path BIN = make();

    private static Path make() {
      try {
        Path bin = Files.createTempDirectory("ward-bin");
        write(bin.resolve("flyway"), FlywayTool.class);
        write(bin.resolve("liquibase"), LiquibaseTool.class);
        return bin;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void write(Path script, Class<?> main) throws IOException {
      Files.writeString(
          script,
          """
          #!/bin/sh
          exec '%s/bin/java' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' %s "$@"
          """
              .formatted(
                  System.getProperty("java.home"),
                  System.getProperty("java.class.path"),
                  main.getName()));
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private WardTools() {}

  /** What a command needs in its environment. */
  static Map<String, String> environment() {
    return Map.of(
        "PATH",
        String.join(
            ":",
            Folder.BIN.toString(),
            NPM.resolve(".bin").toString(),
            DBMATE.toString(),
            System.getenv("PATH")),
        "NODE_PATH",
        NPM.toString(),
        "NODE_NO_WARNINGS",
        "1",
        "PYTHONDONTWRITEBYTECODE",
        "1");
  }
}
