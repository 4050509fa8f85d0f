package dev.pgmedic.guard;

import io.vertx.core.Future;
import java.util.Optional;

/** Tells whether a command has anything to do. */
@FunctionalInterface
public interface Need {

  /** It is always run. */
  Need ALWAYS = () -> Future.succeededFuture(Optional.empty());

  /**
   * Completes with the version when the database is at head and nothing is to be done; empty when
   * the command must run. Fails when neither can be said, and then nothing is run.
   */
  Future<Optional<String>> atHead();
}
