package dev.pgmedic.history;

import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.history.HistoryState.Place;
import dev.pgmedic.history.tool.MigrationTool;
import dev.pgmedic.history.tool.MigrationTools;
import dev.pgmedic.history.tool.OnDisk;
import dev.pgmedic.history.tool.RecordState;
import dev.pgmedic.history.tool.Table;
import dev.pgmedic.history.tool.Tables;
import dev.pgmedic.target.Migrations;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where the migration history of a target is, found in its catalog. It is small whatever the
 * catalog's size, and holds as long as the catalog does not change.
 */
public final class Histories {

  private final List<Place> here;
  private final Migrations migrations;
  private final Optional<Chosen> chosen;
  private final Optional<MigrationTool> missing;
  private final Optional<String> undecided;

  /**
   * Finds them.
   *
   * <p>Which one of several histories is the target's is not guessed: without {@code
   * migrations.tool} it is the only one, or none.
   */
  public Histories(Catalog catalog, Migrations migrations) {
    Tables tables = Tables.of(catalog);
    List<History> all = History.all(tables);
    List<History> candidates =
        migrations.tool().map(tool -> History.of(tool, all, tables)).orElse(all).stream()
            .filter(history -> migrations.table().map(history::isIn).orElse(true))
            .toList();
    this.here = places(all);
    this.migrations = migrations;
    this.chosen =
        candidates.size() == 1
            ? Optional.of(Chosen.of(candidates.get(0), tables))
            : Optional.empty();
    this.missing =
        candidates.isEmpty() ? migrations.tool().flatMap(MigrationTools::find) : Optional.empty();
    this.undecided =
        candidates.size() > 1
            ? Optional.of("several histories are here: " + Place.list(places(candidates)))
            : migrations.table().map(table -> "no history that pgmedic knows is in " + table);
  }

  /**
   * The history that is the target's.
   *
   * @param history it
   * @param tables all tables that are read
   */
  private record Chosen(History history, List<Table> tables) {

    static Chosen of(History history, Tables all) {
      List<Table> tables = new ArrayList<>(List.of(history.table()));
      tables.addAll(history.tool().alsoReads(history.table(), all));
      return new Chosen(history, List.copyOf(tables));
    }
  }

  /** The tables that they are in. */
  public Set<String> tables() {
    return here.stream().map(Place::table).collect(Collectors.toUnmodifiableSet());
  }

  /** Every table of a catalog that is some tool's history. */
  public static Set<String> tables(Catalog catalog) {
    return History.all(Tables.of(catalog)).stream()
        .map(history -> history.table().identity())
        .collect(Collectors.toSet());
  }

  /**
   * Reads the history last in a check, in a short transaction of its own after {@code LOCK TABLE
   * ... NOWAIT}, since some tools hold ACCESS EXCLUSIVE on it for a whole run.
   *
   * <p>Completes with what was found: a refused lock is {@link HistoryState#busy()}, a missing
   * right or an unknown choice is {@link HistoryState#unreadable()}, a folder that cannot be read
   * is {@link HistoryState#unreadableFiles()}. Fails only as the connection fails.
   */
  public Future<HistoryState> read(Vertx vertx, PgConnection session) {
    if (chosen.isPresent()) {
      return read(vertx, session, chosen.get());
    }
    return missing
        .map(tool ->
            files(vertx, tool).map(files -> state(tool, Optional.empty(), Records.NONE, files)))
        .orElseGet(() -> Future.succeededFuture(undecided()));
  }

  private Future<HistoryState> read(Vertx vertx, PgConnection session, Chosen found) {
    MigrationTool tool = found.history().tool();
    Optional<String> table = Optional.of(found.history().table().identity());
    return Records.read(session, found.history(), found.tables())
        .compose(records -> files(vertx, tool).map(files -> state(tool, table, records, files)));
  }

  private HistoryState undecided() {
    return new HistoryState(
        here,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        undecided,
        Optional.empty(),
        false);
  }

  private HistoryState state(
      MigrationTool tool, Optional<String> table, Records records, Files files) {
    boolean comparable = records.unreadable().isEmpty() && !records.busy();
    return new HistoryState(
        here,
        Optional.of(tool.name()),
        table,
        tool.current(records.states()),
        standing(tool, records.states(), files),
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

  private static Optional<String> standing(
      MigrationTool tool, List<RecordState> records, Files files) {
    return tool.current(
        files
            .onDisk()
            .<List<RecordState>>map(disk -> List.copyOf(tool.applied(records, disk)))
            .orElse(records));
  }

  private static List<Place> places(List<History> histories) {
    return histories.stream()
        .map(history -> new Place(history.tool().name(), history.table().identity()))
        .toList();
  }

  private Future<Files> files(Vertx vertx, MigrationTool tool) {
    return migrations
        .directory()
        .map(directory -> vertx.executeBlocking(() -> Files.read(tool, directory), false))
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
