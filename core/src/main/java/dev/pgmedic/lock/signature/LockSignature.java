package dev.pgmedic.lock.signature;

import java.util.Map;
import java.util.Optional;

/** How the advisory keys of one migration tool are told from those of an application. */
interface LockSignature {

  /** The keys that the tool takes in this database, each with how it comes about. */
  Map<Long, KnownKey> keys(DatabaseFacts facts);

  /** What the tool may have meant by a key that is none of {@link #keys}. */
  default Optional<KnownKey> likely(long key) {
    return Optional.empty();
  }
}
