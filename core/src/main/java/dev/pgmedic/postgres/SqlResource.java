package dev.pgmedic.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** SQL that lies beside the class that runs it. */
public final class SqlResource {

  private SqlResource() {}

  /**
   * Reads a whole file from the class path, in the package of {@code owner}. Called while classes
   * load, never on the way of a request.
   *
   * @throws UncheckedIOException when the file is not in the build, which is a fault of the build
   */
  public static String read(Class<?> owner, String name) {
    try (InputStream in = owner.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("no " + name + " beside " + owner.getName());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
