package dev.pgmedic.grants;

import dev.pgmedic.catalog.CatalogReader;
import dev.pgmedic.grants.Rights.KnownTable;
import dev.pgmedic.grants.Rights.Owner;
import dev.pgmedic.grants.Rights.Role;
import dev.pgmedic.grants.Rights.Server;
import dev.pgmedic.grants.Rights.Table;
import dev.pgmedic.history.Histories;
import dev.pgmedic.history.HistoryState;
import dev.pgmedic.history.tool.MigrationTools;
import dev.pgmedic.history.tool.Tables;
import dev.pgmedic.lock.ToolTables;
import dev.pgmedic.postgres.LocalSettings;
import dev.pgmedic.postgres.Sql;
import dev.pgmedic.postgres.SqlResource;
import dev.pgmedic.target.Deadlines;
import dev.pgmedic.target.Migrations;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads what a role may do, from the catalog alone: the role itself need not be there. */
public final class RightsReader {

  private static final String ROLE = SqlResource.read(RightsReader.class, "role.sql");
  private static final String OWNERS = SqlResource.read(RightsReader.class, "owners.sql");
  private static final String TABLES = SqlResource.read(RightsReader.class, "tables.sql");

  private static final Duration LOCK = Duration.ofMillis(300);

  private RightsReader() {}

  /**
   * The rights of a role in the database of this session.
   *
   * <p>Fails as the queries fail. The session may be one of a pooler's. Reads only; the history is
   * tried to be read, with a lock that is not waited for.
   */
  public static Future<Rights> read(
      Vertx vertx, PgConnection session, String role, Migrations migrations) {
    return session
        .preparedQuery(ROLE)
        .execute(Tuple.of(role))
        .map(rows -> rows.iterator().next())
        .compose(first ->
            owners(session, role)
                .compose(owners ->
                    known(vertx, session, migrations)
                        .compose(known -> tables(session, role, known))
                        .map(tables ->
                            new Rights(server(first), role(role, first), owners, tables))));
  }

  private static Server server(Row row) {
    return new Server(row.getString("database"), row.getInteger("version"));
  }

  private static Role role(String name, Row row) {
    return new Role(
        name,
        row.getBoolean("there"),
        row.getBoolean("superuser"),
        row.getBoolean("inherit"),
        row.getBoolean("connect"),
        row.getBoolean("create"),
        row.getBoolean("sessions"),
        row.getBoolean("signal"),
        row.getBoolean("identity"),
        row.getBoolean("locks"));
  }

  private static Future<List<Owner>> owners(PgConnection session, String role) {
    return session
        .preparedQuery(OWNERS)
        .execute(Tuple.of(role))
        .map(rows ->
            stream(rows)
                .map(row ->
                    new Owner(
                        row.getString("owner"),
                        row.getBoolean("superuser"),
                        row.getString("schema"),
                        row.getLong("objects"),
                        row.getString("example"),
                        row.getBoolean("creates"),
                        row.getBoolean("acts")))
                .toList());
  }

  private static Stream<Row> stream(Iterable<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false);
  }

  private static Future<List<KnownTable>> known(
      Vertx vertx, PgConnection session, Migrations migrations) {
    return reading(session, () -> ToolTables.read(session))
        .compose(found ->
            reading(session, () -> CatalogReader.objects(session))
                .compose(catalog ->
                    new Histories(catalog, migrations)
                        .read(vertx, session)
                        .map(history ->
                            distinct(
                                Stream.concat(
                                    places(history)
                                        .flatMap(place -> read(place, Tables.of(catalog))),
                                    found.stream()
                                        .map(table ->
                                            new KnownTable(
                                                table.shape().tool(),
                                                table.schema(),
                                                table.name())))))));
  }

  private static <T> Future<T> reading(PgConnection session, Supplier<Future<T>> work) {
    return LocalSettings.reading(session, LOCK, Deadlines.DEFAULT.check(), work);
  }

  // The target's own one may be none that its columns alone tell.
  private static Stream<HistoryState.Place> places(HistoryState history) {
    return Stream.concat(
        history.table().stream()
            .map(table -> new HistoryState.Place(history.tool().orElse(""), table)),
        history.here().stream());
  }

  private static Stream<KnownTable> read(HistoryState.Place place, Tables tables) {
    Stream<String> further =
        tables.all().stream()
            .filter(table -> table.identity().equals(place.table()))
            .flatMap(table ->
                MigrationTools.find(place.tool()).stream()
                    .flatMap(tool -> tool.alsoReads(table, tables).stream()))
            .map(dev.pgmedic.history.tool.Table::identity);
    return Stream.concat(Stream.of(place.table()), further)
        .map(table -> known(place.tool(), table));
  }

  private static KnownTable known(String tool, String qualified) {
    List<String> parts = Sql.parts(qualified).stream().map(Sql::unquoted).toList();
    return new KnownTable(tool, parts.get(0), parts.get(1));
  }

  private static List<KnownTable> distinct(Stream<KnownTable> tables) {
    List<KnownTable> known = new ArrayList<>();
    tables.forEach(table -> {
      if (known.stream().noneMatch(table::isSameAs)) {
        known.add(table);
      }
    });
    return known;
  }

  private static Future<List<Table>> tables(
      PgConnection session, String role, List<KnownTable> known) {
    String[] schemas = known.stream().map(KnownTable::schema).toArray(String[]::new);
    String[] names = known.stream().map(KnownTable::name).toArray(String[]::new);
    return session
        .preparedQuery(TABLES)
        .execute(Tuple.of(role, schemas, names))
        .map(rows ->
            stream(rows)
                .map(row ->
                    new Table(
                        known.get(row.getInteger("number") - 1),
                        row.getBoolean("usage"),
                        row.getBoolean("reads"),
                        row.getBoolean("hidden")))
                .toList());
  }
}
