package dev.pgmedic.cli;

import dev.pgmedic.check.KnownGoodLookup;
import dev.pgmedic.config.Config;
import dev.pgmedic.store.Baselines;
import dev.pgmedic.store.Store;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Consumer;

/** Where a one-shot command finds what targets should look like. */
final class KnownGoodSource {

  private final Optional<Baselines> baselines;

  private KnownGoodSource(Optional<Baselines> baselines) {
    this.baselines = baselines;
  }

  /** The baselines of the configured store; nothing is known where none is configured. */
  static Future<KnownGoodSource> open(Vertx vertx, Config config, Closing closing) {
    if (config.store().url().isEmpty()) {
      return Future.succeededFuture(new KnownGoodSource(Optional.empty()));
    }
    return Store.open(vertx, config.store().url().get())
        .map(store -> {
          closing.add(() -> store.close().await());
          return new KnownGoodSource(Optional.of(new Baselines(store)));
        });
  }

  /**
   * As {@link #open}, but a store that does not answer is told and done without.
   *
   * @param notes hears of it
   */
  static Future<KnownGoodSource> openIfThere(
      Vertx vertx, Config config, Closing closing, Consumer<String> notes) {
    return open(vertx, config, closing)
        .recover(error -> {
          notes.accept("the store is done without: " + error.getMessage());
          return Future.succeededFuture(new KnownGoodSource(Optional.empty()));
        });
  }

  /** Whether there is a store that answers. */
  boolean isStored() {
    return baselines.isPresent();
  }

  /** What this target should look like. */
  KnownGoodLookup of(Target target) {
    return baselines
        .<KnownGoodLookup>map(known -> version -> known.find(target.name(), version))
        .orElse(KnownGoodLookup.NONE);
  }
}
