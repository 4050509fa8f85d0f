package dev.pgmedic.quarantine;

import dev.pgmedic.catalog.Dependence;
import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.lock.HeldLock;
import dev.pgmedic.lock.MigrationLock;
import dev.pgmedic.postgres.EventTriggers;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.postgres.SqlResource;
import dev.pgmedic.postgres.Unreachable;
import dev.pgmedic.target.PostgresUrl;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks into the quarantine of a target, and empties it. */
public final class Quarantines {

  private static final Logger LOG = LoggerFactory.getLogger(Quarantines.class);
  private static final String HELD = SqlResource.read(Quarantines.class, "held.sql");
  private static final Duration LOOK_LOCK = Duration.ofMillis(300);

  // Other sessions have no business there; whoever reads in it is waited for a little.
  private static final String SETTINGS =
      "SET LOCAL search_path = pg_catalog; SET LOCAL lock_timeout = '5s'";

  private static final String SEEDS =
      """
      SELECT 'pg_class'::regclass::oid, c.oid FROM pg_class c JOIN pg_namespace n
        ON n.oid = c.relnamespace WHERE n.nspname ~ '^pgmedic_q_'
      UNION ALL SELECT 'pg_type'::regclass, t.oid FROM pg_type t JOIN pg_namespace n
        ON n.oid = t.typnamespace WHERE n.nspname ~ '^pgmedic_q_'
      UNION ALL SELECT 'pg_proc'::regclass, p.oid FROM pg_proc p JOIN pg_namespace n
        ON n.oid = p.pronamespace WHERE n.nspname ~ '^pgmedic_q_'\
      """;

  private final Vertx vertx;

  /** The quarantines of targets. */
  public Quarantines(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * What lies in the quarantine of a target.
   *
   * <p>Completes with its schemas by name; fails with {@link Unreachable} at the latest after the
   * target's connect and check deadlines. Reads only, and takes no lock on a user's relation.
   */
  public Future<List<QuarantineSchema>> list(Target target) {
    Session.Settings settings =
        new Session.Settings(
            "pgmedic-quarantine",
            target.deadlines().connect(),
            target.deadlines().check(),
            LOOK_LOCK,
            true);
    return Session.open(vertx, target.url(), settings)
        .compose(session ->
            Deadline.within(
                    target.deadlines().check(),
                    "looking into the quarantine",
                    look(session.connection()).map(Look::schemas),
                    session.connection()::cancelRequest)
                .recover(error -> Future.failedFuture(Unreachable.querying(target.url(), error)))
                .eventually(session::close));
  }

  private record Look(Map<String, List<Held>> objects, List<Dependence> dependences) {
    List<QuarantineSchema> schemas() {
      return objects.entrySet().stream()
          .map(held -> QuarantineSchema.of(held.getKey(), held.getValue(), dependences))
          .toList();
    }
  }

  private static Future<Look> look(PgConnection session) {
    return session
        .query(HELD)
        .execute()
        .map(Quarantines::objects)
        .compose(objects ->
            Dependence.read(session, SEEDS).map(dependences -> new Look(objects, dependences)));
  }

  private static Map<String, List<Held>> objects(Iterable<Row> rows) {
    Map<String, List<Held>> objects = new LinkedHashMap<>();
    for (Row row : rows) {
      List<Held> held =
          objects.computeIfAbsent(row.getString("schema"), first -> new ArrayList<>());
      if (row.getString("identity") != null) {
        held.add(
            new Held(
                row.getString("kind"),
                row.getString("identity"),
                Optional.ofNullable(row.getLong("rows"))));
      }
    }
    return objects;
  }

  /**
   * What is to be emptied.
   *
   * @param schema its name
   * @param digest of what whoever asks was shown; absent when they destroy whatever is there
   * @param by who asks
   */
  public record Order(String schema, Optional<String> digest, String by) {}

  /**
   * Destroys what lies in one schema of the quarantine, and the schema, in one transaction under
   * the migration lock.
   *
   * <p>Completes with what was destroyed. Fails with {@link QuarantineRefused} when there is no
   * such schema, when it holds other objects than were shown, when anything outside rests on it,
   * when an event trigger would run a role's code with our rights, or as the server refuses; as
   * {@link MigrationLock#acquire} does. Nothing is gone then. Ends at the latest after the target's
   * connect, lock and statement deadlines.
   *
   * @param url whose rights count: the recovery's role
   * @param witness keeps that it is done, when all is dropped and nothing is committed yet; when it
   *     fails, nothing is gone
   */
  public Future<QuarantineSchema> empty(
      Target target, PostgresUrl url, Order order, Supplier<Future<Void>> witness) {
    MigrationLock.Run run = new MigrationLock.Run("empty-" + UUID.randomUUID(), 0);
    return MigrationLock.of(
            vertx, run, target.deadlines().connect(), target.deadlines().statement())
        .acquire(url, target.deadlines().lockWait(), session -> Future.succeededFuture())
        .compose(lock -> empty(target, lock, order, witness))
        .onSuccess(gone -> told(target, order, gone));
  }

  private static Future<QuarantineSchema> empty(
      Target target, HeldLock lock, Order order, Supplier<Future<Void>> witness) {
    return Deadline.within(
            target.deadlines().statement(),
            "emptying the quarantine",
            empty(lock.session(), order, witness),
            lock.session()::cancelRequest)
        .compose(
            gone -> lock.release().map(gone),
            error -> lock.abandon().transform(closed -> Future.failedFuture(error)));
  }

  private static Future<QuarantineSchema> empty(
      PgConnection session, Order order, Supplier<Future<Void>> witness) {
    return session
        .begin()
        .compose(tx ->
            session
                .query(SETTINGS)
                .execute()
                .compose(set -> EventTriggers.objection(session))
                .compose(Quarantines::refused)
                .compose(trusted -> look(session))
                .compose(look -> drop(session, order, look))
                .compose(gone -> witness.get().map(gone))
                .compose(
                    gone -> tx.commit().map(gone),
                    error -> tx.rollback().transform(undone -> Future.failedFuture(error))));
  }

  private static Future<Void> refused(Optional<String> objection) {
    return objection
        .map(why -> Future.<Void>failedFuture(new QuarantineRefused(why)))
        .orElse(Future.succeededFuture());
  }

  private static Future<QuarantineSchema> drop(PgConnection session, Order order, Look look) {
    QuarantineSchema held =
        look.schemas().stream()
            .filter(schema -> schema.schema().equals(order.schema()))
            .findFirst()
            .orElseThrow(() ->
                new QuarantineRefused(
                    "schema: expected one that is in quarantine, such as pgmedic quarantine list"
                        + " names, found "
                        + order.schema()));
    if (order.digest().filter(shown -> !shown.equals(held.digest())).isPresent()) {
      throw new QuarantineRefused("it holds other objects than were shown; look again");
    }
    if (!held.neededBy().isEmpty()) {
      throw new QuarantineRefused(
          "what is outside rests on it, and would go with it: " + held.neededBy());
    }
    return session
        .query(String.join(";\n", held.drops(look.dependences())))
        .execute()
        .map(dropped -> held)
        .recover(error -> Future.failedFuture(refusal(error)));
  }

  private static Throwable refusal(Throwable error) {
    return error instanceof PgException refused
        ? new QuarantineRefused("the server refuses it: " + refused.getErrorMessage())
        : error;
  }

  private static void told(Target target, Order order, QuarantineSchema gone) {
    LOG.atInfo()
        .addKeyValue("database", target.name())
        .addKeyValue("schema", gone.schema())
        .addKeyValue("by", order.by())
        .addKeyValue("objects", gone.objects().stream().map(Held::title).toList())
        .log("A quarantine was emptied on a person's word; its rows are gone for good");
  }
}
