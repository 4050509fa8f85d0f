package dev.pgmedic.enums;

import dev.pgmedic.deadline.Deadline;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Creates or extends enum types, whoever else does so at the same moment.
 *
 * <p>{@code CREATE TYPE} knows no {@code IF NOT EXISTS}, and a look before it races. So a lost race
 * is expected: the server tells it as {@code 42710} when the other has committed before we looked
 * in its catalogs, and as {@code 23505} on {@code pg_type_typname_nsp_index} when both were at it.
 * After either we look again and compare the labels, because "already exists" says nothing of what
 * exists.
 *
 * <p>Labels are added in one transaction. Its first {@code ADD VALUE} takes the server's own lock
 * on the type, so a look after it is the last word: when somebody was there between our two looks,
 * ours is undone and we start again. So no advisory lock is needed, and whoever takes none is safe
 * beside us too.
 *
 * <p>A type must never be made ahead of a migration tool's run: that is what makes the tool's own
 * unguarded {@code CREATE TYPE} fail with "already exists". This is for applications and scripts
 * that make their types themselves.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">Error codes</a>
 */
public final class Enums {

  /** One lost race is common, a second one needs a third party; ten are no accident. */
  private static final int MOST_LOOKS = 10;

  /** The server gives up later than we do: it is for a server whose client is gone. */
  private static final Duration SERVER_MARGIN = Duration.ofSeconds(1);

  /** The type or the schema is there already or no more, or the label that ours goes next to. */
  private static final Set<String> LOST_RACE = Set.of("42710", "42704", "3F000", "22023");

  private static final String UNIQUE_VIOLATION = "23505";
  private static final String TYPE_NAMES = "pg_type_typname_nsp_index";
  private static final String FORBIDDEN = "42501";
  private static final String ABORTED_TRANSACTION = "25P02";

  private final PgConnection session;
  private final EnumType type;
  private final boolean makes;
  private final String settings;
  private volatile boolean over;

  private Enums(PgConnection session, EnumType type, Duration limit, boolean makes) {
    this.session = session;
    this.type = type;
    this.makes = makes;
    this.settings = settings(limit);
  }

  // They end with the transaction. A look after a wait must see what was committed meanwhile; that
  // another caller has added the label is no news for a log.
  private static String settings(Duration limit) {
    long millis = Math.min(limit.plus(SERVER_MARGIN).toMillis(), Integer.MAX_VALUE);
    return "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = "
        + millis
        + "; SET LOCAL lock_timeout = 0; SET LOCAL client_min_messages = warning; ";
  }

  /**
   * Makes sure that a type is there with at least these labels, in this order.
   *
   * <p>Labels that are missing are added at their places and committed, so that they may be used at
   * once. Labels that are there beyond those wanted are left alone when none is missing: while
   * replicas are updated one by one, the older ones find the labels of the newer. When neither list
   * is within the other, that is a conflict: it is more likely another type of that name than this
   * one, and whoever no longer uses a label still has it in the type.
   *
   * <p>Completes with what was done; fails with {@link EnumConflict}, with {@link EnumRefused},
   * with {@link dev.pgmedic.deadline.DeadlinePassed} after {@code limit}, and as the connection
   * does. A call that failed changed nothing, but for a commit that the limit or the end of the
   * connection cut short; it may be repeated. Creates the type or adds labels in the target, and
   * waits for others who do so, within the limit.
   *
   * @param session not within a transaction; its settings are left as they are, and neither its
   *     {@code search_path} nor its timeouts matter
   * @param limit for the whole, waits for other sessions included; more than zero
   */
  public static Future<Ensured> ensure(PgConnection session, EnumType type, Duration limit) {
    return within(limit, new Enums(session, type, limit, true));
  }

  /**
   * As {@link #ensure}, for a type that is there: it is never made. Fails with {@link EnumRefused}
   * when it is not there.
   */
  public static Future<Ensured> extend(PgConnection session, EnumType type, Duration limit) {
    return within(limit, new Enums(session, type, limit, false));
  }

  private static Future<Ensured> within(Duration limit, Enums enums) {
    Future<Ensured> work = enums.outsideOfTransactions().compose(free -> enums.ensure(1));
    // The server hears of a cancel a moment after it was sent: what it still runs could yet be
    // made.
    return Deadline.within(
        limit,
        "ensuring " + enums.type.visible(),
        work,
        () -> enums.cancel().eventually(() -> work));
  }

  private Future<Void> cancel() {
    over = true;
    return session.cancelRequest();
  }

  // Within a transaction block both clocks stand apart: BEGIN was a statement of its own.
  private Future<Void> outsideOfTransactions() {
    return session
        .query("SELECT pg_catalog.statement_timestamp() = pg_catalog.transaction_timestamp()")
        .execute()
        .map(rows -> rows.iterator().next().getBoolean(0))
        .recover(error ->
            ABORTED_TRANSACTION.equals(sqlState(error))
                ? Future.succeededFuture(false)
                : Future.failedFuture(error))
        .compose(outside ->
            outside
                ? Future.succeededFuture()
                : refused(
                    "the session is within a transaction; labels that are added in one"
                        + " cannot be used in it"));
  }

  private Future<Ensured> ensure(int look) {
    if (look > MOST_LOOKS) {
      return refused("others changed it between each two of " + MOST_LOOKS + " looks");
    }
    return FoundType.look(session, type)
        .compose(found -> attempt(found).recover(error -> unlessRaceLost(error, found)))
        .compose(done -> done.map(Future::succeededFuture).orElseGet(() -> ensure(look + 1)));
  }

  // Empty when a race was lost.
  private Future<Optional<Ensured>> attempt(FoundType found) {
    if (found.labels().isPresent()) {
      return compare(found.labels().get());
    }
    return makes
        ? run(EnumLabels.creation(type)).map(Optional.of(new Ensured.Created()))
        : refused("it is not there; expected an enum type that lacks labels");
  }

  private Future<Optional<Ensured>> compare(List<String> present) {
    if (EnumLabels.isWithin(type.labels(), present)) {
      List<String> surplus = EnumLabels.without(present, type.labels());
      return Future.succeededFuture(Optional.of(new Ensured.Unchanged(surplus)));
    }
    return EnumLabels.isWithin(present, type.labels())
        ? add(present)
        : Future.failedFuture(new EnumConflict(type, present));
  }

  private Future<Optional<Ensured>> add(List<String> present) {
    List<String> additions = EnumLabels.additions(type.qualified(), present, type.labels());
    Ensured done = new Ensured.Extended(EnumLabels.without(type.labels(), present));
    return session
        .begin()
        .compose(tx ->
            run(String.join(";\n", additions))
                .compose(locked -> FoundType.look(session, type))
                .map(found -> found.labels().equals(Optional.of(type.labels())))
                .compose(
                    ours ->
                        ours
                            ? tx.commit().map(Optional.of(done))
                            : tx.rollback().map(Optional.empty()),
                    error -> tx.rollback().transform(undone -> Future.failedFuture(error))));
  }

  private Future<?> run(String statements) {
    return over
        ? refused("given up before " + statements)
        : session.query(settings + statements).execute();
  }

  private Future<Optional<Ensured>> unlessRaceLost(Throwable error, FoundType found) {
    if (isLostRace(error)) {
      return Future.succeededFuture(Optional.empty());
    }
    return error instanceof PgException told && FORBIDDEN.equals(told.getSqlState())
        ? Future.failedFuture(
            new EnumRefused(
                type, told.getErrorMessage() + "; what helps: " + found.remedy(), error))
        : Future.failedFuture(error);
  }

  private static boolean isLostRace(Throwable error) {
    return error instanceof PgException told
        && (LOST_RACE.contains(told.getSqlState())
            || (UNIQUE_VIOLATION.equals(told.getSqlState())
                && TYPE_NAMES.equals(told.getConstraint())));
  }

  private static String sqlState(Throwable error) {
    return error instanceof PgException told ? told.getSqlState() : "";
  }

  private <T> Future<T> refused(String why) {
    return Future.failedFuture(new EnumRefused(type, why));
  }
}
