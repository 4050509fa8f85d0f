package dev.pgmedic.cli;

import dev.pgmedic.check.KnownGoodLookup;
import dev.pgmedic.config.Config;
import dev.pgmedic.store.Baselines;
import dev.pgmedic.store.Store;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** Where a one-shot command finds what a target should look like. */
final class KnownGoodSource {

  private KnownGoodSource() {}

  /** The baselines of the configured store; nothing is known where none is configured. */
  static Future<KnownGoodLookup> of(Vertx vertx, Config config, Target target, Closing closing) {
    if (config.store().url().isEmpty()) {
      return Future.succeededFuture(KnownGoodLookup.NONE);
    }
    return Store.open(vertx, config.store().url().get())
        .map(store -> {
          closing.add(() -> store.close().await());
          Baselines baselines = new Baselines(store);
          return version -> baselines.find(target.name(), version);
        });
  }
}
