package dev.pgmedic.history;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.postgres.Sql;
import dev.pgmedic.target.Migrations;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Finds out which migration tool a target is migrated with and what its records and files say. */
public final class Histories {

  private static final List<MigrationTool> TOOLS = List.of(new Alembic(), new SqlFiles());

  // undefined_table, insufficient_privilege, lock_not_available
  private static final Set<String> GONE = Set.of("42P01");
  private static final Set<String> FORBIDDEN = Set.of("42501");
  private static final Set<String> LOCKED = Set.of("55P03");

  private Histories() {}

  /** The names of the tools whose records can be read. */
  public static Set<String> toolNames() {
    return TOOLS.stream().map(MigrationTool::name).collect(Collectors.toSet());
  }

  /**
   * Every version whose file lies in a folder; refuses one in which no tool keeps its files.
   * Blocking.
   *
   * @param wanted the only tool that counts
   * @throws IOException with what was expected, or what is wrong with what was found
   */
  @CanIgnoreReturnValue
  public static List<String> onDisk(Path directory, Optional<String> wanted) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IOException("there is no folder " + directory.toAbsolutePath().normalize());
    }
    List<MigrationTool> tools =
        TOOLS.stream().filter(tool -> wanted.map(tool.name()::equals).orElse(true)).toList();
    for (MigrationTool tool : tools) {
      if (tool.isAt(directory)) {
        return tool.onDisk(directory).known();
      }
    }
    throw new IOException(
        "expected "
            + tools.stream().map(MigrationTool::landmark).collect(Collectors.joining(", or "))
            + " in "
            + directory.toAbsolutePath().normalize());
  }

  /**
   * Reads the history last in a check, in a short transaction of its own after {@code LOCK TABLE
   * ... NOWAIT}, since some tools hold ACCESS EXCLUSIVE on it for a whole run.
   *
   * <p>Completes with what was found: a refused lock is {@link HistoryState#busy()}, a missing
   * right or an unreadable folder is {@link HistoryState#unreadable()}. Fails only as the
   * connection fails.
   */
  public static Future<HistoryState> read(
      Vertx vertx, PgConnection session, Catalog catalog, Migrations migrations) {
    return TOOLS.stream()
        .filter(tool -> migrations.tool().map(tool.name()::equals).orElse(true))
        .filter(tool -> migrations.tool().isPresent() || tool.table(catalog).isPresent())
        .findFirst()
        .map(tool -> read(vertx, session, catalog, migrations, tool))
        .orElse(Future.succeededFuture(HistoryState.NONE));
  }

  private static Future<HistoryState> read(
      Vertx vertx,
      PgConnection session,
      Catalog catalog,
      Migrations migrations,
      MigrationTool tool) {
    Optional<String> table = tool.table(catalog);
    Future<Records> records =
        table
            .map(name -> records(session, tool, name))
            .orElse(Future.succeededFuture(Records.NONE));
    return records.compose(
        read -> files(vertx, migrations, tool).map(files -> state(tool, table, read, files)));
  }

  private static HistoryState state(
      MigrationTool tool, Optional<String> table, Records records, FilesRead files) {
    List<String> heads = files.onDisk().map(MigrationTool.OnDisk::heads).orElse(List.of());
    return new HistoryState(
        Optional.of(tool.name()),
        table,
        tool.current(records.versions()),
        heads.isEmpty() ? Optional.empty() : Optional.of(String.join(",", heads)),
        records.versions(),
        heads,
        files.onDisk().map(MigrationTool.OnDisk::known).orElse(List.of()),
        files.onDisk().filter(disk -> tool.isAtHead(records.versions(), disk)).isPresent(),
        records.unreadable().or(files::unreadable),
        records.busy());
  }

  private static Future<Records> records(PgConnection session, MigrationTool tool, String table) {
    return session
        .begin()
        .compose(tx ->
            session
                .query("LOCK TABLE " + table + " IN ACCESS SHARE MODE NOWAIT")
                .execute()
                .compose(locked -> session.query(tool.versions(table)).execute())
                .map(rows -> Records.of(StreamSupport.stream(rows.spliterator(), false)))
                .recover(error -> refused(table, error))
                .compose(records -> tx.rollback().map(records)));
  }

  private static Future<Records> refused(String table, Throwable error) {
    String state =
        error instanceof PgException refused ? String.valueOf(refused.getSqlState()) : "";
    if (LOCKED.contains(state)) {
      return Future.succeededFuture(new Records(List.of(), Optional.empty(), true));
    }
    if (FORBIDDEN.contains(state)) {
      String grant =
          "not allowed to read "
              + table
              + "; GRANT USAGE ON SCHEMA "
              + Sql.parts(table).get(0)
              + " and GRANT SELECT ON "
              + table
              + " help";
      return Future.succeededFuture(new Records(List.of(), Optional.of(grant), false));
    }
    return GONE.contains(state) ? Future.succeededFuture(Records.NONE) : Future.failedFuture(error);
  }

  private static Future<FilesRead> files(Vertx vertx, Migrations migrations, MigrationTool tool) {
    return migrations
        .directory()
        .map(directory ->
            vertx.executeBlocking(() -> {
              try {
                return new FilesRead(Optional.of(tool.onDisk(directory)), Optional.empty());
              } catch (IOException e) {
                return new FilesRead(Optional.empty(), Optional.ofNullable(e.getMessage()));
              }
            }))
        .orElse(Future.succeededFuture(new FilesRead(Optional.empty(), Optional.empty())));
  }

  private record Records(List<String> versions, Optional<String> unreadable, boolean busy) {
    static final Records NONE = new Records(List.of(), Optional.empty(), false);

    static Records of(java.util.stream.Stream<Row> rows) {
      return new Records(
          rows.map(row -> row.getString("version")).toList(), Optional.empty(), false);
    }
  }

  private record FilesRead(Optional<MigrationTool.OnDisk> onDisk, Optional<String> unreadable) {}
}
