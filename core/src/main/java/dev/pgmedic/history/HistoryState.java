package dev.pgmedic.history;

import dev.pgmedic.history.tool.RecordState;
import java.util.List;
import java.util.Optional;

/**
 * What a migration tool's records say.
 *
 * @param here every history in the database, whichever is the target's
 * @param tool the name of the target's tool; absent when no known history is there, or when several
 *     are and none is named
 * @param table the qualified table that holds the records
 * @param version the version that the database is at; several heads are joined by a comma; absent
 *     at base
 * @param standing the version that ran to its end: another one than the version where a tool
 *     overwrites it with one that broke off
 * @param records every record, oldest first
 * @param disk what the files say beside them; absent where no directory is configured, the tool's
 *     files are not known, or they are unreadable
 * @param unreadable why the records could not be read; absent when they were
 * @param unreadableFiles why the files could not be read; absent when they were
 * @param busy whether the records were locked, which means that a migration is at work
 */
public record HistoryState(
    List<Place> here,
    Optional<String> tool,
    Optional<String> table,
    Optional<String> version,
    Optional<String> standing,
    List<RecordState> records,
    Optional<DiskState> disk,
    Optional<String> unreadable,
    Optional<String> unreadableFiles,
    boolean busy) {

  /** No history that we know. */
  public static final HistoryState NONE =
      new HistoryState(
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false);

  /** Copies the lists. */
  public HistoryState {
    here = List.copyOf(here);
    records = List.copyOf(records);
  }

  /**
   * A history that was recognised.
   *
   * @param tool whose it is
   * @param table its qualified name
   */
  public record Place(String tool, String table) {

    /** Several of them, for a sentence. */
    public static String list(List<Place> places) {
      return String.join(", ", places.stream().map(Place::toString).toList());
    }

    @Override
    public String toString() {
      return tool + " in " + table;
    }
  }

  /** Every version that is applied, oldest first where the tool keeps the order. */
  public List<String> versions() {
    return RecordState.applied(records).stream().map(record -> record.entry().version()).toList();
  }

  /** The newest version on disk; several heads are joined by a comma. */
  public Optional<String> head() {
    return disk.map(DiskState::heads)
        .filter(heads -> !heads.isEmpty())
        .map(heads -> String.join(",", heads));
  }

  /** Whether no record speaks of a migration that began and did not come to its end. */
  public boolean settled() {
    return records.stream()
        .allMatch(record ->
            record instanceof RecordState.Applied || record instanceof RecordState.Undone);
  }

  /** Whether all that lies on disk is known to be applied, and nothing is left half done. */
  public boolean atHead() {
    return !busy
        && unreadable.isEmpty()
        && settled()
        && disk.filter(files -> !files.known().isEmpty() && files.pending().isEmpty()).isPresent();
  }
}
