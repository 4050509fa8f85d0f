package dev.pgmedic.cli;

import dev.pgmedic.embedded.EmbeddedServer;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** What a process must close before it ends, last opened first; each bounded in time. */
final class Closing {

  private static final long LIMIT_SECONDS = 5;

  private final Deque<Runnable> open = new ArrayDeque<>();

  synchronized Vertx add(Vertx vertx) {
    open.push(() -> vertx.close().timeout(LIMIT_SECONDS, TimeUnit.SECONDS).await());
    return vertx;
  }

  synchronized EmbeddedServer add(EmbeddedServer server) {
    open.push(server::close);
    return server;
  }

  synchronized void add(Node node) {
    open.push(() -> node.stop().timeout(LIMIT_SECONDS, TimeUnit.SECONDS).await());
  }

  synchronized void add(Runnable closing) {
    open.push(closing);
  }

  /**
   * Closes everything; one that fails does not keep the others open. Does nothing the second time.
   */
  synchronized void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().run();
      } catch (Exception e) { // await throws what the future failed with, checked or not
        System.err.println("pgmedic: not closed in order: " + e.getMessage());
      }
    }
  }
}
