package dev.pgmedic.cli;

import dev.pgmedic.embedded.EmbeddedServer;
import dev.pgmedic.replay.Scratch;
import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;

/**
 * A PostgreSQL server in a temporary folder for replays: started for the first, kept for the next
 * ones that come soon, and deleted with all that is on it. Starting and stopping a server know no
 * future, so each takes a worker thread. Used on one event loop alone.
 */
final class ScratchServer implements Scratch {

  private static final long KEPT_MILLIS = 30_000;

  private final Vertx vertx;
  private Optional<Future<EmbeddedServer>> server = Optional.empty();
  private int users;
  private long timer;

  ScratchServer(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public Future<Place> open() {
    vertx.cancelTimer(timer);
    users++;
    Future<EmbeddedServer> running =
        server.orElseGet(() -> vertx.executeBlocking(EmbeddedServer::temporary, false));
    server = Optional.of(running);
    return running
        .<Place>map(Used::new)
        .onFailure(error -> {
          users--;
          server = Optional.empty();
        });
  }

  private final class Used implements Place {

    private final EmbeddedServer running;
    private boolean closed;

    Used(EmbeddedServer running) {
      this.running = running;
    }

    @Override
    public PostgresUrl url() {
      return running.url("postgres");
    }

    @Override
    public Future<Void> close() {
      if (closed) {
        return Future.succeededFuture();
      }
      closed = true;
      users--;
      if (users == 0) {
        timer = vertx.setTimer(KEPT_MILLIS, late -> end().onFailure(ignored -> {}));
      }
      return Future.succeededFuture();
    }
  }

  private Future<Void> end() {
    Optional<Future<EmbeddedServer>> last = server;
    server = Optional.empty();
    return last.map(started ->
            started
                .compose(running ->
                    vertx.<Void>executeBlocking(
                        () -> {
                          running.close();
                          return null;
                        },
                        false))
                .otherwiseEmpty())
        .orElse(Future.succeededFuture());
  }

  /** Ends the server, whoever uses it. Completes when it has ended; never fails. */
  Future<Void> close() {
    vertx.cancelTimer(timer);
    return end();
  }
}
