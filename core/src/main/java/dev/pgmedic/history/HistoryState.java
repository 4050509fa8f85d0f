package dev.pgmedic.history;

import java.util.List;
import java.util.Optional;

/**
 * What a migration tool's records say.
 *
 * @param tool the tool's name; absent when no known history is there
 * @param table the qualified table that holds the records
 * @param version the version that the database is at; several heads are joined by a comma; absent
 *     at base
 * @param head the newest version on disk; absent where no directory is configured or it is
 *     unreadable
 * @param versions every version that the records name
 * @param heads every newest version on disk: more than one means that branches are not merged
 * @param known every version on disk
 * @param atHead whether the migrations on disk are all applied, as far as both could be read
 * @param unreadable why the records or the files could not be read; absent when they were
 * @param busy whether the records were locked, which means that a migration is at work
 */
public record HistoryState(
    Optional<String> tool,
    Optional<String> table,
    Optional<String> version,
    Optional<String> head,
    List<String> versions,
    List<String> heads,
    List<String> known,
    boolean atHead,
    Optional<String> unreadable,
    boolean busy) {

  /** No history that we know. */
  public static final HistoryState NONE =
      new HistoryState(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of(),
          List.of(),
          false,
          Optional.empty(),
          false);

  /** Copies the lists. */
  public HistoryState {
    versions = List.copyOf(versions);
    heads = List.copyOf(heads);
    known = List.copyOf(known);
  }
}
