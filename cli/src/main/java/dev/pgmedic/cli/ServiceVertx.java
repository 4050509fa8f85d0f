package dev.pgmedic.cli;

import dev.pgmedic.config.ConfigException;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.nio.file.Path;

/**
 * A Vert.x for a service. What the API validates requests with lies in jars, and Vert.x reads no
 * file in a jar without a folder to unpack it to.
 */
final class ServiceVertx {

  private ServiceVertx() {}

  /**
   * Starts one whose folder, gone when it is closed, is in the system's temporary one, or in {@code
   * otherwise} where that cannot be written to.
   */
  static Vertx start(Path otherwise) {
    try {
      return Vertx.vertx();
    } catch (IllegalStateException readOnly) {
      return in(otherwise);
    }
  }

  private static Vertx in(Path directory) {
    FileSystemOptions files =
        new FileSystemOptions().setFileCacheDir(directory.resolve("vertx-cache").toString());
    try {
      return Vertx.vertx(new VertxOptions().setFileSystemOptions(files));
    } catch (IllegalStateException readOnly) {
      throw new ConfigException(
          "store.directory",
          "expected a folder that we may write to, here or in "
              + System.getProperty("java.io.tmpdir")
              + ": "
              + readOnly.getMessage());
    }
  }
}
