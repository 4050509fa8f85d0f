package dev.pgmedic.check;

import dev.pgmedic.catalog.KnownGood;
import io.vertx.core.Future;
import java.util.Optional;

/** Finds the known-good catalog that a version is held against. */
@FunctionalInterface
public interface KnownGoodLookup {

  /** Nothing is known: only what the owner expects is judged. */
  KnownGoodLookup NONE = version -> Future.succeededFuture(Optional.empty());

  /**
   * The known-good catalog of a version; empty when that version was never seen. Without a version,
   * the newest one.
   */
  Future<Optional<KnownGood>> at(Optional<String> version);
}
