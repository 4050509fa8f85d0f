package dev.pgmedic.lock.signature;

import dev.pgmedic.postgres.Sql;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The tables by which migration tools lock, and those whose name a key is made of. They are told by
 * their columns, never by their name alone: several tools call theirs {@code schema_migrations},
 * and most let the name be configured.
 */
public enum ToolTable {
  FLYWAY_HISTORY(
      "flyway",
      "installed_rank int4, version varchar, description varchar, type varchar, script varchar,"
          + " checksum int4, installed_by varchar, installed_on timestamp, execution_time int4,"
          + " success bool"),
  GOLANG_MIGRATE_HISTORY("golang-migrate", "version int8, dirty bool"),
  LIQUIBASE_LOCK(
      "liquibase",
      "id int4, locked bool, lockgranted timestamp, lockedby varchar",
      RowLock.LIQUIBASE),
  KNEX_LOCK("knex", "index int4, is_locked int4", RowLock.KNEX),
  GOOSE_LOCK(
      "goose",
      "lock_id int8, locked bool, locked_at timestamptz, locked_by text, lease_expires_at"
          + " timestamptz, updated_at timestamptz",
      RowLock.GOOSE),
  GOLANG_MIGRATE_LOCK("golang-migrate", "lock_id int8", RowLock.GOLANG_MIGRATE),
  PGROLL_MIGRATIONS(
      "pgroll",
      // newer versions have more
      "schema name, name text, migration jsonb, parent text, done bool, ...",
      RowLock.PGROLL),
  ECTO_HISTORY("ecto", "version int8, inserted_at timestamp", "ShareUpdateExclusiveLock"),
  EF_CORE_HISTORY("ef-core", "MigrationId varchar, ProductVersion varchar", "AccessExclusiveLock"),
  SQITCH_CHANGES(
      "sqitch",
      "change_id text, script_hash text, change text, project text, note text, committed_at"
          + " timestamptz, committer_name text, committer_email text, planned_at timestamptz,"
          + " planner_name text, planner_email text",
      "ExclusiveLock");

  private static final String MORE = "...";

  private final String tool;
  private final String columns;
  private final Optional<RowLock> row;
  private final Optional<String> mode;

  ToolTable(String tool, String columns) {
    this(tool, columns, Optional.empty(), Optional.empty());
  }

  ToolTable(String tool, String columns, RowLock row) {
    this(tool, columns, Optional.of(row), Optional.empty());
  }

  ToolTable(String tool, String columns, String mode) {
    this(tool, columns, Optional.empty(), Optional.of(mode));
  }

  ToolTable(String tool, String columns, Optional<RowLock> row, Optional<String> mode) {
    this.tool = tool;
    this.columns = columns;
    this.row = row;
    this.mode = mode;
  }

  /** The tool's name in lower case. */
  public String tool() {
    return tool;
  }

  /** The lock on the table, as {@code pg_locks} words it, that the tool holds while it works. */
  public Optional<String> mode() {
    return mode;
  }

  /**
   * Whether the tool works through other programs too: Sqitch, for one, has psql run its scripts.
   */
  public boolean worksUnderAnyName() {
    return this == SQITCH_CHANGES;
  }

  /** Whether the tool keeps a row in the table while it works. */
  public boolean hasRows() {
    return row.isPresent();
  }

  /** What sets a held row free, as an SQL SET list; empty where a person must do it. */
  public Optional<String> released() {
    return row.flatMap(RowLock::released);
  }

  /**
   * What tells one row from another, in SQL.
   *
   * @throws java.util.NoSuchElementException when there are no rows in this shape
   */
  public String key() {
    return row.orElseThrow().key();
  }

  /**
   * The condition under which a row means that the lock is held, in SQL.
   *
   * @throws java.util.NoSuchElementException when there are no rows in this shape
   */
  public String held() {
    return row.orElseThrow().held();
  }

  /**
   * SQL that reads the held locks of a table.
   *
   * @param quoted the table's name, quoted
   * @throws java.util.NoSuchElementException when there are no rows in this shape
   */
  public String select(String quoted) {
    return row.orElseThrow().select(quoted);
  }

  /**
   * All shapes as the rows of an SQL {@code VALUES} list: name, columns with their types, and
   * whether a table of this shape may have others too.
   */
  public static String asValues() {
    return Arrays.stream(values()).map(ToolTable::asValue).collect(Collectors.joining(", "));
  }

  private String asValue() {
    String array =
        Arrays.stream(columns.split(", ", -1))
            .filter(column -> !column.equals(MORE))
            .map(Sql::literal)
            .collect(Collectors.joining(", "));
    return "("
        + Sql.literal(name())
        + ", ARRAY["
        + array
        + "]::text[], "
        + columns.endsWith(MORE)
        + ")";
  }
}
