package dev.pgmedic.cli;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Duration;

/** A Vert.x for one errand: it starts fast and leaves no files behind. */
final class QuickVertx {

  private static final Duration LONGER_THAN_ANY = Duration.ofDays(1);

  private QuickVertx() {}

  /**
   * Starts it, without Vert.x's watch over blocked threads: where many replicas start at once a
   * cold JVM gets so little of a processor that it would print warnings about which nobody can do
   * anything. A guard whose loop stands still for too long loses its lock, and says that.
   */
  static Vertx start() {
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(1)
            .setBlockedThreadCheckInterval(LONGER_THAN_ANY.toMillis())
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false)));
  }
}
