package dev.pgmedic.history;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.history.HistoryState.Place;
import dev.pgmedic.history.tool.MigrationTool;
import dev.pgmedic.history.tool.MigrationTools;
import dev.pgmedic.history.tool.OnDisk;
import dev.pgmedic.history.tool.Tables;
import dev.pgmedic.target.Migrations;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds out which migration tool a target is migrated with and what its records and files say. */
public final class Histories {

  private final Vertx vertx;
  private final PgConnection session;
  private final Migrations migrations;

  private Histories(Vertx vertx, PgConnection session, Migrations migrations) {
    this.vertx = vertx;
    this.session = session;
    this.migrations = migrations;
  }

  /**
   * Reads the history last in a check, in a short transaction of its own after {@code LOCK TABLE
   * ... NOWAIT}, since some tools hold ACCESS EXCLUSIVE on it for a whole run.
   *
   * <p>Which one of several histories is the target's is not guessed: without {@code
   * migrations.tool} it is the only one, or none.
   *
   * <p>Completes with what was found: a refused lock is {@link HistoryState#busy()}, a missing
   * right or an unknown choice is {@link HistoryState#unreadable()}, a folder that cannot be read
   * is {@link HistoryState#unreadableFiles()}. Fails only as the connection fails.
   */
  public static Future<HistoryState> read(
      Vertx vertx, PgConnection session, Catalog catalog, Migrations migrations) {
    return new Histories(vertx, session, migrations).read(Tables.of(catalog));
  }

  /** Every table of a catalog that is some tool's history. */
  public static Set<String> tables(Catalog catalog) {
    return History.all(Tables.of(catalog)).stream()
        .map(history -> history.table().identity())
        .collect(Collectors.toSet());
  }

  private Future<HistoryState> read(Tables tables) {
    List<History> here = History.all(tables);
    List<History> candidates =
        migrations.tool().map(tool -> History.of(tool, here, tables)).orElse(here).stream()
            .filter(history -> migrations.table().map(history::isIn).orElse(true))
            .toList();
    if (candidates.size() == 1) {
      return read(here, candidates.get(0), tables);
    }
    Optional<MigrationTool> missing = migrations.tool().flatMap(MigrationTools::find);
    if (candidates.isEmpty() && missing.isPresent()) {
      return files(missing.get())
          .map(files -> state(here, missing.get(), Optional.empty(), Records.NONE, files));
    }
    return Future.succeededFuture(undecided(places(here), places(candidates)));
  }

  private HistoryState undecided(List<Place> here, List<Place> candidates) {
    Optional<String> why =
        candidates.isEmpty()
            ? migrations.table().map(table -> "no history that pgmedic knows is in " + table)
            : Optional.of("several histories are here: " + Place.list(candidates));
    return new HistoryState(
        here,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        why,
        Optional.empty(),
        false);
  }

  private Future<HistoryState> read(List<History> here, History chosen, Tables tables) {
    return Records.read(session, chosen, tables)
        .compose(records ->
            files(chosen.tool())
                .map(files ->
                    state(
                        here,
                        chosen.tool(),
                        Optional.of(chosen.table().identity()),
                        records,
                        files)));
  }

  private static HistoryState state(
      List<History> here,
      MigrationTool tool,
      Optional<String> table,
      Records records,
      Files files) {
    boolean comparable = records.unreadable().isEmpty() && !records.busy();
    return new HistoryState(
        places(here),
        Optional.of(tool.name()),
        table,
        tool.current(records.states()),
        records.states(),
        files
            .onDisk()
            .map(disk ->
                comparable
                    ? DiskState.compare(tool, records.states(), disk)
                    : DiskState.alone(disk)),
        records.unreadable(),
        files.unreadable(),
        records.busy());
  }

  private static List<Place> places(List<History> histories) {
    return histories.stream()
        .map(history -> new Place(history.tool().name(), history.table().identity()))
        .toList();
  }

  private Future<Files> files(MigrationTool tool) {
    return migrations
        .directory()
        .map(directory -> vertx.executeBlocking(() -> Files.read(tool, directory)))
        .orElse(Future.succeededFuture(new Files(Optional.empty(), Optional.empty())));
  }

  private record Files(Optional<OnDisk> onDisk, Optional<String> unreadable) {

    static Files read(MigrationTool tool, Path directory) {
      try {
        return new Files(tool.onDisk(directory), Optional.empty());
      } catch (IOException e) {
        return new Files(Optional.empty(), Optional.of(String.valueOf(e.getMessage())));
      }
    }
  }
}
