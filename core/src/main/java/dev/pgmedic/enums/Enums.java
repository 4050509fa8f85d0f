package dev.pgmedic.enums;

import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Creates or extends enum types, whoever else does so at the same moment.
 *
 * <p>{@code CREATE TYPE} knows no {@code IF NOT EXISTS}, and a look before it races. So a lost race
 * is expected: the server tells it as {@code 42710} when the other has committed before we looked
 * in its catalogs, and as {@code 23505} on {@code pg_type_typname_nsp_index} when both were at it.
 * After either we look again and compare the labels, because "already exists" says nothing of what
 * exists. No advisory lock is needed for that.
 *
 * <p>A type must never be made ahead of a migration tool's run: that is what makes the tool's own
 * unguarded {@code CREATE TYPE} fail with "already exists". This is for applications and scripts
 * that make their types themselves.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">Error codes</a>
 */
public final class Enums {

  /** A type that vanishes between two looks is somebody's DROP TYPE; ten are no accident. */
  private static final int MOST_LOOKS = 10;

  private static final String DUPLICATE_OBJECT = "42710";
  private static final String UNIQUE_VIOLATION = "23505";
  private static final String TYPE_NAMES = "pg_type_typname_nsp_index";
  private static final String NO_SUCH_TYPE = "42704";
  private static final String FORBIDDEN = "42501";

  private static final String LOOK =
      """
      SELECT n.oid IS NOT NULL AS has_schema,
             CASE t.typtype::text WHEN 'e' THEN 'enum' WHEN 'd' THEN 'a domain'
               WHEN 'r' THEN 'a range type' WHEN 'c' THEN 'a table, view or composite type'
               WHEN 'p' THEN 'a pseudo-type' WHEN 'b' THEN 'a base type'
               ELSE 'a type of kind ' || t.typtype::text END
               AS kind,
             ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid
                   ORDER BY e.enumsortorder) AS labels
      FROM (VALUES ($1::text, $2::text)) wanted (schema, name)
      LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.schema
      LEFT JOIN pg_catalog.pg_type t ON t.typnamespace = n.oid AND t.typname = wanted.name
        -- CREATE TYPE moves the array type of another type out of the way.
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)
      """;

  // That another caller has added the label is no news for anybody's log.
  private static final String QUIETLY =
      "SELECT pg_catalog.set_config('client_min_messages', 'warning', true); ";

  private final PgConnection session;
  private final EnumType type;

  private Enums(PgConnection session, EnumType type) {
    this.session = session;
    this.type = type;
  }

  /**
   * Makes sure that a type is there with at least these labels, in this order.
   *
   * <p>Labels that are missing are added at their places, each in a transaction of its own, so that
   * they may be used at once. Labels that are there beyond those wanted are left alone: while
   * replicas are updated one by one, the older ones find the labels of the newer. When neither list
   * is within the other, that is a conflict.
   *
   * <p>Completes with what was done; fails with {@link EnumConflict}, with {@link EnumRefused},
   * with {@link dev.pgmedic.deadline.DeadlinePassed} after {@code limit}, and as the connection
   * does. A call that failed may be repeated. Creates the type or adds labels in the target, and
   * waits for others who do so, within the limit.
   *
   * @param session not within a transaction; its settings are left as they are
   * @param limit for the whole, waits for other sessions included; more than zero
   */
  public static Future<Ensured> ensure(PgConnection session, EnumType type, Duration limit) {
    Enums enums = new Enums(session, type);
    return Deadline.within(
        limit,
        "ensuring " + type.qualified(),
        enums.outsideOfTransactions().compose(free -> enums.ensure(1)),
        session::cancelRequest);
  }

  // Within a transaction block both clocks stand apart: BEGIN was a statement of its own.
  private Future<Void> outsideOfTransactions() {
    return session
        .query("SELECT pg_catalog.statement_timestamp() = pg_catalog.transaction_timestamp()")
        .execute()
        .compose(rows ->
            rows.iterator().next().getBoolean(0)
                ? Future.succeededFuture()
                : refused(
                    "the session is within a transaction; labels that are added in one"
                        + " cannot be used in it"));
  }

  private Future<Ensured> ensure(int look) {
    if (look > MOST_LOOKS) {
      return refused("somebody drops it as often as it is made");
    }
    return look()
        .compose(found -> found.isPresent() ? compare(found.get()) : create())
        .recover(
            error -> isLostRace(error) ? ensure(look + 1) : Future.failedFuture(explained(error)));
  }

  // Empty when the type is not there.
  private Future<Optional<List<String>>> look() {
    return session
        .preparedQuery(LOOK)
        .execute(Tuple.of(type.schema(), type.name()))
        .compose(rows -> {
          Row row = rows.iterator().next();
          if (!row.getBoolean("has_schema")) {
            return refused("there is no such schema; expected it to be made before");
          }
          String kind = row.getString("kind");
          if (kind != null && !kind.equals("enum")) {
            return refused("the name is taken by " + kind + "; expected an enum type or nothing");
          }
          return Future.succeededFuture(
              kind == null
                  ? Optional.empty()
                  : Optional.of(List.of(row.getArrayOfStrings("labels"))));
        });
  }

  private Future<Ensured> create() {
    String labels = type.labels().stream().map(Sql::literal).collect(Collectors.joining(", "));
    return session
        .query("CREATE TYPE " + type.qualified() + " AS ENUM (" + labels + ")")
        .execute()
        .map(new Ensured.Created());
  }

  private Future<Ensured> compare(List<String> present) {
    if (EnumLabels.isWithin(type.labels(), present)) {
      List<String> surplus = without(present, type.labels());
      return Future.succeededFuture(new Ensured.Unchanged(surplus));
    }
    if (!EnumLabels.isWithin(present, type.labels())) {
      return Future.failedFuture(new EnumConflict(type, present));
    }
    Future<?> added = Future.succeededFuture();
    for (String statement : EnumLabels.additions(type.qualified(), present, type.labels())) {
      added = added.compose(before -> session.query(QUIETLY + statement).execute());
    }
    return added
        .compose(done -> look())
        .compose(after ->
            after.filter(labels -> EnumLabels.isWithin(type.labels(), labels)).isPresent()
                ? Future.succeededFuture(new Ensured.Extended(without(type.labels(), present)))
                : Future.failedFuture(new EnumConflict(type, after.orElse(List.of()))));
  }

  private static List<String> without(List<String> labels, List<String> others) {
    return labels.stream().filter(label -> !others.contains(label)).toList();
  }

  private <T> Future<T> refused(String why) {
    return Future.failedFuture(new EnumRefused(type, why));
  }

  private Throwable explained(Throwable error) {
    if (!(error instanceof PgException told) || !FORBIDDEN.equals(told.getSqlState())) {
      return error;
    }
    String need =
        "expected a role with CREATE on the schema (GRANT CREATE ON SCHEMA "
            + Sql.identifier(type.schema())
            + " TO ...) to make the type, or its owner to add a label";
    return new EnumRefused(type, told.getErrorMessage() + "; " + need, error);
  }

  private static boolean isLostRace(Throwable error) {
    return error instanceof PgException told
        && (DUPLICATE_OBJECT.equals(told.getSqlState())
            || NO_SUCH_TYPE.equals(told.getSqlState())
            || (UNIQUE_VIOLATION.equals(told.getSqlState())
                && TYPE_NAMES.equals(told.getConstraint())));
  }
}
