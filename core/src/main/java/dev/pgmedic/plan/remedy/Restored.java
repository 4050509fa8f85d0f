package dev.pgmedic.plan.remedy;

import java.util.List;

/**
 * A table that is made anew from known-good, with its rows.
 *
 * @param table its name, quoted
 * @param owner the role that it belongs to, before and after
 * @param schema the quarantine schema that keeps it as it was
 * @param columns the columns whose values are copied, quoted
 * @param sequences the sequences that it owns, before and after, quoted: each goes on where it was
 * @param keys its foreign keys, quoted: the copy must not keep anybody from deleting
 * @param seen the table and its parts as they were seen
 * @param wanted the table and its parts as known-good has them
 */
public record Restored(
    String table,
    String owner,
    String schema,
    List<String> columns,
    List<String> sequences,
    List<String> keys,
    List<String> seen,
    List<String> wanted) {

  /** Copies the lists. */
  public Restored {
    columns = List.copyOf(columns);
    sequences = List.copyOf(sequences);
    keys = List.copyOf(keys);
    seen = List.copyOf(seen);
    wanted = List.copyOf(wanted);
  }
}
