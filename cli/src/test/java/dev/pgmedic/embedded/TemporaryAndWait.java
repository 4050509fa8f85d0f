package dev.pgmedic.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process that a test kills: it opens a temporary server, says so in a file, and stays until its
 * input ends.
 */
final class TemporaryAndWait {

  private TemporaryAndWait() {}

  public static void main(String[] file) throws IOException {
    EmbeddedServer server = EmbeddedServer.temporary();
    Files.writeString(Path.of(file[0]), "ready");
    while (System.in.read() >= 0) {
      // whatever is said to it, it stays
    }
    server.close();
  }
}
