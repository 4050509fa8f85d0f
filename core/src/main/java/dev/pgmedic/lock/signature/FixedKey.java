package dev.pgmedic.lock.signature;

import java.util.List;
import java.util.Map;

/**
 * A tool that takes the same key in every database.
 *
 * @param key the key
 * @param known whose it is
 */
record FixedKey(long key, KnownKey known) implements LockSignature {

  static final List<LockSignature> ALL =
      List.of(
          session("goose", Checksums.crc32("goose"), "CRC-32 of \"goose\" (library)"),
          session("prisma", 72_707_369L, "the constant of Prisma Migrate up to 7"),
          session("sqitch", 75_474_063L, "Sqitch's constant"),
          session("node-pg-migrate", 7_241_865_325_823_964L, "node-pg-migrate's constant"),
          session("graphile-migrate", 4_727_445_306_447_283L, "graphile-migrate's constant"),
          atlas("atlas_migrate_execute"),
          atlas("atlas_migrate_diff"),
          new FixedKey(
              0x2c03057fb9525bL,
              new KnownKey(
                  "pgroll", KnownKey.Level.TRANSACTION, "pgroll's constant (pgroll init)", true)));

  private static LockSignature session(String tool, long key, String origin) {
    return new FixedKey(key, KnownKey.session(tool, origin));
  }

  private static LockSignature atlas(String name) {
    return session("atlas", Checksums.fnv1(name), "FNV-1 of \"" + name + "\"");
  }

  @Override
  public Map<Long, KnownKey> keys(DatabaseFacts facts) {
    return Map.of(key, known);
  }
}
