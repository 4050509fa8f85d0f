package dev.pgmedic.history.tool;

import java.util.Optional;

/**
 * What a tool wrote of one migration, as far as it writes such things.
 *
 * @param version the migration as the tool calls it: a number, a name, or several joined
 * @param script the file or folder that it came from
 * @param at when, as the server writes it: some tools keep no time zone
 * @param checksum the tool's own checksum of the script
 * @param kind the tool's own word for the kind of record
 * @param row the version of the row: its {@code xmin} and {@code ctid}; absent where nothing is
 *     ever written to it
 */
public record Entry(
    String version,
    Optional<String> script,
    Optional<String> at,
    Optional<String> checksum,
    Optional<String> kind,
    Optional<String> row) {

  /** The same of another migration. */
  Entry of(String other) {
    return new Entry(other, script, at, checksum, kind, row);
  }
}
