package dev.pgmedic.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process that a test kills: it opens a folder, says so in a file, and stays until its input
 * ends.
 */
final class OpenAndWait {

  private OpenAndWait() {}

  public static void main(String[] folder) throws IOException {
    EmbeddedServer server = EmbeddedServer.open(Path.of(folder[0]));
    Files.writeString(Path.of(folder[1]), "ready");
    while (System.in.read() >= 0) {
      // whatever is said to it, it stays
    }
    server.close();
  }
}
