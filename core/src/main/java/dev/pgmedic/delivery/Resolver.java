package dev.pgmedic.delivery;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.InetAddress;
import java.util.List;

/** Finds the addresses of a host. */
interface Resolver {

  /** More names at once wait. */
  int THREADS = 4;

  /** The addresses of a host, at least one. Fails when it has none. */
  Future<List<InetAddress>> resolve(String host);

  /** As the machine resolves all names, with its hosts file. */
  static Resolver ofTheMachine(Vertx vertx) {
    // Java has no other door to it, and Vert.x keeps its own inside. On threads of its own: a name
    // server that hangs holds nothing else up.
    WorkerExecutor threads = vertx.createSharedWorkerExecutor("pgmedic-names", THREADS);
    return host -> threads.executeBlocking(() -> List.of(InetAddress.getAllByName(host)), false);
  }
}
