package dev.pgmedic.lock.signature;

import java.util.HashMap;
import java.util.Map;

/**
 * Prisma 8: {@code hashtext} of a text with a schema and a space, which only the server can
 * compute. Held for the transaction that the migration runs in.
 */
final class PrismaContractKey implements LockSignature {

  @Override
  public Map<Long, KnownKey> keys(DatabaseFacts facts) {
    Map<Long, KnownKey> keys = new HashMap<>();
    KnownKey known =
        new KnownKey(
            "prisma",
            KnownKey.Level.TRANSACTION,
            "hashtext('prisma_next.contract.marker:<schema>:app') (Prisma 8)",
            true);
    facts.prismaKeys().forEach(key -> keys.put(key, known));
    return keys;
  }
}
