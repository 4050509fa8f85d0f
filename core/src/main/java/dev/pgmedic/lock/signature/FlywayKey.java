package dev.pgmedic.lock.signature;

import dev.pgmedic.postgres.Sql;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Flyway: a constant plus Java's hash of the history table's quoted name. It is taken for a
 * transaction on a connection that then idles, or for a session with {@code
 * flyway.postgresql.transactional.lock=false}.
 */
final class FlywayKey implements LockSignature {

  private static final String TOOL = "flyway";
  private static final long CONSTANT = 77_431_708_279_161L;
  private static final String DEFAULT_TABLE = "\"public\".\"flyway_schema_history\"";

  /** No key of Flyway's is lower. */
  static final long LOWEST = CONSTANT + Integer.MIN_VALUE;

  /** No key of Flyway's is higher. */
  static final long HIGHEST = CONSTANT + Integer.MAX_VALUE;

  @Override
  public Map<Long, KnownKey> keys(DatabaseFacts facts) {
    Map<Long, KnownKey> keys = new HashMap<>();
    Stream.concat(
            Stream.of(DEFAULT_TABLE), // before the first run there is no table yet
            facts
                .tables(ToolTable.FLYWAY_HISTORY)
                .map(table -> Sql.identifier(table.schema()) + "." + Sql.identifier(table.name())))
        .forEach(name ->
            keys.put(
                CONSTANT + name.hashCode(), known(CONSTANT + " + Java's hash of " + name, true)));
    return keys;
  }

  @Override
  public Optional<KnownKey> likely(long key) {
    return key < LOWEST || key > HIGHEST
        ? Optional.empty()
        : Optional.of(
            known("in Flyway's range, but of no history table that this database has", false));
  }

  private static KnownKey known(String origin, boolean exact) {
    return new KnownKey(TOOL, KnownKey.Level.EITHER, origin, exact);
  }
}
