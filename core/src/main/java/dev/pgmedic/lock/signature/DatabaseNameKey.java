package dev.pgmedic.lock.signature;

import java.util.List;
import java.util.Map;

/**
 * A tool whose key is a constant times the CRC-32 of the database's name.
 *
 * @param tool the tool's name
 * @param salt the constant; the product always fits in 63 bits
 * @param who what in the tool takes it
 */
record DatabaseNameKey(String tool, long salt, String who) implements LockSignature {

  static final List<LockSignature> ALL =
      List.of(
          new DatabaseNameKey("rails", 2_053_462_845L, "Rails ActiveRecord"),
          new DatabaseNameKey("sqlx", 0x3d32ad9eL, "the sqlx library"));

  @Override
  public Map<Long, KnownKey> keys(DatabaseFacts facts) {
    String origin = salt + " x CRC-32 of the database's name (" + who + ")";
    return Map.of(salt * Checksums.crc32(facts.database()), KnownKey.session(tool, origin));
  }
}
