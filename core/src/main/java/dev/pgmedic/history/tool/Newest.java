package dev.pgmedic.history.tool;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which of the applied versions a database is at, for tools whose records are not in that order.
 */
final class Newest {

  private Newest() {}

  /** The greatest number. */
  static Optional<String> byNumber(List<RecordState> records) {
    return versions(records).stream().max(VersionNumber.ORDER);
  }

  /**
   * The last one of each group, joined by commas: what is in front of the separator is the group.
   */
  static Optional<String> ofEach(char separator, List<RecordState> records) {
    Map<String, String> newest = new TreeMap<>();
    for (String version : versions(records)) {
      newest.put(version.substring(0, Math.max(0, version.indexOf(separator))), version);
    }
    return newest.isEmpty() ? Optional.empty() : Optional.of(String.join(",", newest.values()));
  }

  private static List<String> versions(List<RecordState> records) {
    return RecordState.applied(records).stream().map(record -> record.entry().version()).toList();
  }
}
