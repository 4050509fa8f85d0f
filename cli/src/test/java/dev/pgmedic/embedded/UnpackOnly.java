package dev.pgmedic.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process that unpacks the server's programs and ends. */
final class UnpackOnly {

  private UnpackOnly() {}

  public static void main(String[] none) throws IOException {
    Path programs = Binaries.folder();
    if (!Files.isExecutable(programs.resolve("bin/postgres"))) {
      throw new IOException("no server in " + programs);
    }
  }
}
