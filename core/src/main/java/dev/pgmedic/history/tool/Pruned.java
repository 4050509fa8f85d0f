package dev.pgmedic.history.tool;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Old migrations whose files were removed on purpose. Several tools live with that: their users
 * replace the oldest files by one dump of the schema and leave the records.
 */
final class Pruned {

  private Pruned() {}

  /**
   * The unknown versions without those that are older than every record with a file. When no record
   * has a file, nothing was pruned: the files are another project's.
   *
   * @param unknown applied versions without a file
   * @param applied every applied version, oldest first
   */
  static List<String> withoutOldest(List<String> unknown, List<RecordState.Applied> applied) {
    Set<String> without = new HashSet<>(unknown);
    if (without.size() >= applied.size()) {
      return unknown;
    }
    return applied.stream()
        .map(record -> record.entry().version())
        .dropWhile(without::contains)
        .filter(without::contains)
        .toList();
  }
}
