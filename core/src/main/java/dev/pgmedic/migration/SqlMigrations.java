package dev.pgmedic.migration;

import dev.pgmedic.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Applies plain SQL migrations, each in a transaction of its own together with the record of it.
 * The caller holds a lock that keeps others out.
 */
public final class SqlMigrations {

  private final String schema;
  private final List<SqlMigration> migrations;

  /**
   * Migrations of one schema.
   *
   * @param schema where the history table is and where unqualified names end up; made when it is
   *     missing
   * @param migrations in order
   */
  public SqlMigrations(String schema, List<SqlMigration> migrations) {
    this.schema = schema;
    this.migrations = List.copyOf(migrations);
  }

  /**
   * Applies what is not applied yet.
   *
   * <p>Completes with the number of migrations that were applied. Fails with the first error of a
   * migration, which is rolled back whole while those before it stay; fails with {@link
   * ChangedMigration} before anything is applied when a file differs from what was applied under
   * its version.
   */
  public Future<Integer> apply(PgConnection session) {
    String history =
        "CREATE SCHEMA IF NOT EXISTS "
            + Sql.identifier(schema)
            + "; SET search_path = "
            + Sql.identifier(schema)
            + "; CREATE TABLE IF NOT EXISTS pgmedic_migrations (version text PRIMARY KEY,"
            + " name text NOT NULL, sha256 text NOT NULL,"
            + " applied_at timestamptz NOT NULL DEFAULT now())";
    return session
        .query(history)
        .execute()
        .compose(made -> applied(session))
        .compose(applied -> {
          for (SqlMigration migration : migrations) {
            String sha256 = applied.get(migration.version());
            if (sha256 != null && !sha256.equals(migration.sha256())) {
              return Future.failedFuture(new ChangedMigration(migration));
            }
          }
          return applyAll(
              session, migrations.stream().filter(m -> !applied.containsKey(m.version())).toList());
        });
  }

  private static Future<Map<String, String>> applied(SqlClient session) {
    return session
        .query("SELECT version, sha256 FROM pgmedic_migrations")
        .execute()
        .map(rows -> {
          Map<String, String> applied = new TreeMap<>();
          rows.forEach(row -> applied.put(row.getString("version"), row.getString("sha256")));
          return applied;
        });
  }

  private static Future<Integer> applyAll(PgConnection session, List<SqlMigration> pending) {
    Future<Void> done = Future.succeededFuture();
    for (SqlMigration migration : pending) {
      done = done.compose(before -> applyOne(session, migration));
    }
    return done.map(pending.size());
  }

  private static Future<Void> applyOne(PgConnection session, SqlMigration migration) {
    return session
        .begin()
        .compose(tx ->
            session
                .query(migration.sql())
                .execute()
                .compose(ran ->
                    session
                        .preparedQuery(
                            "INSERT INTO pgmedic_migrations (version, name, sha256)"
                                + " VALUES ($1, $2, $3)")
                        .execute(
                            Tuple.of(migration.version(), migration.name(), migration.sha256())))
                .compose(
                    recorded -> tx.commit(),
                    error -> tx.rollback().transform(rolledBack -> Future.failedFuture(error))));
  }

  /** A file is not what was applied under its version. */
  public static final class ChangedMigration extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ChangedMigration(SqlMigration migration) {
      super(
          "migration "
              + migration.version()
              + "_"
              + migration.name()
              + " was changed after it was applied; expected the text that was applied, and a"
              + " change in a migration of its own");
    }
  }
}
