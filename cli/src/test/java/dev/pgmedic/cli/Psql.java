package dev.pgmedic.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pgmedic.target.PostgresUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A script run by a real psql, as a person would pipe it.
 *
 * @param code how psql ended
 * @param said all that it said
 */
record Psql(int code, String said) {

  private static final long PATIENCE_SECONDS = 60;

  /** Runs a script; its parts pass through files of {@code folder}. */
  static Psql run(Path folder, PostgresUrl url, String script) throws IOException {
    assumeTrue(isHere(), "psql is not installed");
    Path in = Files.writeString(folder.resolve("script.sql"), script);
    Path out = folder.resolve("psql.out");
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    "psql",
                    "--no-psqlrc",
                    "--quiet",
                    "--host=" + url.host(),
                    "--port=" + url.port(),
                    "--username=" + url.user(),
                    "--dbname=" + url.database()))
            .redirectInput(in.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    Process psql = builder.start();
    try {
      int code = psql.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join().exitValue();
      return new Psql(code, Files.readString(out));
    } finally {
      psql.destroyForcibly();
    }
  }

  private static boolean isHere() {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "psql")));
  }
}
