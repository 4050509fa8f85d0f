package dev.pgmedic.lock.signature;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** The 32-bit hashes that migration tools make keys of; each result is 0 to 2^32 - 1. */
final class Checksums {

  static final long UNSIGNED = 0xffff_ffffL;
  private static final long FNV_OFFSET = 2_166_136_261L;
  private static final long FNV_PRIME = 16_777_619L;

  private Checksums() {}

  /** CRC-32 as IEEE 802.3 has it. */
  static long crc32(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }

  /** FNV-1, which multiplies before it mixes; not FNV-1a. */
  static long fnv1(String text) {
    long hash = FNV_OFFSET;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash * FNV_PRIME & UNSIGNED) ^ (b & 0xff);
    }
    return hash;
  }
}
