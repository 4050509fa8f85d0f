package dev.pgmedic.replay;

import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.testing.TestDatabases;
import io.vertx.core.Future;

/** Scratch databases on the tests' own server, which has nothing that anybody needs. */
final class ScratchHere implements Scratch {

  @Override
  public Future<Place> open() {
    PostgresUrl url = TestDatabases.fresh();
    return Future.succeededFuture(
        new Place() {
          @Override
          public PostgresUrl url() {
            return url;
          }

          @Override
          public Future<Void> close() {
            return Future.succeededFuture();
          }
        });
  }
}
