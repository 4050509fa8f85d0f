package dev.pgmedic.lock.signature;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * golang-migrate: a CRC-32 over schema, history table and database, times a constant, in 32 bits.
 * Its command line takes the database's name from the URL with the slash, its library without, so
 * that two of them do not keep each other out.
 */
final class GolangMigrateKey implements LockSignature {

  private static final String TOOL = "golang-migrate";
  private static final long SALT = 1_486_364_155L;

  @Override
  public Map<Long, KnownKey> keys(DatabaseFacts facts) {
    Map<Long, KnownKey> keys = new HashMap<>();
    for (String database : names(facts)) {
      tables(facts)
          .forEach(table -> {
            add(keys, List.of(table.get(0), table.get(1), database));
            add(keys, List.of(table.get(0), database)); // before 4.15
          });
    }
    return keys;
  }

  /** What a row of its lock table ({@code x-lock-strategy=table}) holds as {@code lock_id}. */
  static Set<Long> rowKeys(DatabaseFacts facts) {
    return names(facts).stream().map(name -> key(List.of(name))).collect(Collectors.toSet());
  }

  private static List<String> names(DatabaseFacts facts) {
    return List.of(facts.database(), "/" + facts.database());
  }

  private static Stream<List<String>> tables(DatabaseFacts facts) {
    return Stream.concat(
        Stream.of(List.of("public", "schema_migrations")),
        facts
            .tables(ToolTable.GOLANG_MIGRATE_HISTORY)
            .map(table -> List.of(table.schema(), table.name())));
  }

  private static void add(Map<Long, KnownKey> keys, List<String> parts) {
    String origin = "CRC-32 of " + String.join(", ", parts) + " x " + SALT + ", in 32 bits";
    keys.put(key(parts), KnownKey.session(TOOL, origin));
  }

  private static long key(List<String> parts) {
    return Checksums.crc32(String.join("\0", parts)) * SALT & Checksums.UNSIGNED;
  }
}
