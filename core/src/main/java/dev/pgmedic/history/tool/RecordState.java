package dev.pgmedic.history.tool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one record of a history says became of a migration. */
public sealed interface RecordState {

  /** What the tool wrote. */
  Entry entry();

  /** It ran to its end. */
  record Applied(Entry entry) implements RecordState {}

  /** It was taken back: what earlier records say of the same version holds no more. */
  record Undone(Entry entry) implements RecordState {}

  /**
   * It ended in an error, and the tool says so.
   *
   * @param entry what the tool wrote
   * @param error the error, where the tool keeps it; at most 300 characters
   */
  record Failed(Entry entry, Optional<String> error) implements RecordState {}

  /**
   * It began, and nothing says that it ended: it runs right now or its run is dead. The record is
   * the same; only the tool's lock tells which.
   */
  record Unfinished(Entry entry) implements RecordState {}

  /**
   * A part of it took effect and the rest did not.
   *
   * @param entry what the tool wrote
   * @param progress how far it came, in the tool's measure
   * @param error the error, where the tool keeps it; at most 300 characters
   */
  record Partial(Entry entry, Optional<String> progress, Optional<String> error)
      implements RecordState {}

  /** It is under way on purpose, for days maybe, until somebody completes it. */
  record InProgress(Entry entry) implements RecordState {}

  /** What is in effect of these records, oldest first. */
  static List<Applied> applied(List<RecordState> records) {
    Map<String, Applied> applied = new LinkedHashMap<>();
    for (RecordState record : records) {
      String version = record.entry().version();
      switch (record) {
        case Applied done -> {
          applied.remove(version); // it moves to its new place
          applied.put(version, done);
        }
        case Undone undone -> applied.remove(version);
        case Failed failed -> {}
        case Unfinished unfinished -> {}
        case Partial partial -> {}
        case InProgress begun -> {}
      }
    }
    return new ArrayList<>(applied.values());
  }
}
