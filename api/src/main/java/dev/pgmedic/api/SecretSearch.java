package dev.pgmedic.api;

import dev.pgmedic.digest.Sha256;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Finds what the store knows of the secret that a request carries. Each search counts as a failed
 * login of its address until it has found something, so that many guesses at once are heard no more
 * than one after the other; whoever brings the same secret meanwhile is told what that search
 * finds. Belongs to one event loop.
 *
 * @param <T> what is known of a good one
 */
final class SecretSearch<T> {

  private final Predicate<String> shape;
  private final Function<String, Future<Optional<T>>> good;
  private final FailedLogins failures;
  private final Map<String, Future<Optional<T>>> underWay = new HashMap<>();

  /**
   * A search for one kind of secret.
   *
   * @param shape whether it may be one at all
   * @param good what is known of the good one with this hash, or empty
   */
  SecretSearch(
      Predicate<String> shape, Function<String, Future<Optional<T>>> good, FailedLogins failures) {
    this.shape = shape;
    this.good = good;
    this.failures = failures;
  }

  /**
   * What is known of this secret, or empty when it is not good. Fails as the store fails, which
   * tells nobody whether a guess was right and is forgiven.
   */
  Future<Optional<T>> find(String secret, String address) {
    String hash = Sha256.hex(secret);
    Future<Optional<T>> same = underWay.get(hash);
    if (same != null) {
      return same;
    }
    failures.failed(address);
    if (!shape.test(secret)) {
      return Future.succeededFuture(Optional.empty());
    }
    Future<Optional<T>> search = good.apply(hash);
    underWay.put(hash, search);
    return search.onComplete(found -> {
      underWay.remove(hash);
      if (found.failed() || found.result().isPresent()) {
        failures.forgive(address);
      }
    });
  }
}
