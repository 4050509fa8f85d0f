package dev.pgmedic.lock.signature;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The advisory keys that migration tools take in one database. A key that is not here belongs to an
 * application. Ecto's advisory keys are not: they are small numbers like those that applications
 * choose, and cannot be computed outside Erlang.
 */
public final class KnownKeys {

  /** Every known key between these two is {@link KnownKey#exact()} or merely likely. */
  public static final long LIKELY_FROM = FlywayKey.LOWEST;

  /** The end of that range, itself included. */
  public static final long LIKELY_TO = FlywayKey.HIGHEST;

  private static final List<LockSignature> ALL =
      Stream.of(
              List.of(new FlywayKey(), new GolangMigrateKey(), new PrismaContractKey()),
              DatabaseNameKey.ALL,
              FixedKey.ALL)
          .flatMap(List::stream)
          .toList();

  private final Map<Long, KnownKey> keys = new HashMap<>();

  private KnownKeys() {}

  /** The keys of this database. */
  public static KnownKeys of(DatabaseFacts facts) {
    KnownKeys known = new KnownKeys();
    ALL.forEach(signature -> known.keys.putAll(signature.keys(facts)));
    return known;
  }

  /** Whose key it is. */
  public Optional<KnownKey> find(long key) {
    return Optional.ofNullable(keys.get(key))
        .or(() -> ALL.stream().flatMap(tool -> tool.likely(key).stream()).findFirst());
  }

  /** All exact ones. */
  public Set<Long> all() {
    return Set.copyOf(keys.keySet());
  }

  /** The only {@code lock_id} that a row of golang-migrate's own lock table can have here. */
  public static Set<Long> golangMigrateRows(DatabaseFacts facts) {
    return GolangMigrateKey.rowKeys(facts);
  }
}
