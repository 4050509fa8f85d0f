package dev.pgmedic.cli;

import dev.pgmedic.lock.MigrationLock;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.concurrent.TimeUnit;

/** A Vert.x for one errand: it starts fast and leaves no files behind. */
final class QuickVertx {

  private QuickVertx() {}

  /**
   * Starts it. Where many replicas start at once a cold JVM gets so little of a processor that two
   * seconds of Vert.x's own say nothing; from {@link MigrationLock#SILENCE} on it costs the lock.
   */
  static Vertx start() {
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(1)
            .setMaxEventLoopExecuteTime(MigrationLock.SILENCE.toNanos())
            .setMaxEventLoopExecuteTimeUnit(TimeUnit.NANOSECONDS)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false)));
  }
}
