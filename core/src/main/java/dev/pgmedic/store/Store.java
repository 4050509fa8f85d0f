package dev.pgmedic.store;

import dev.pgmedic.event.NewEvent;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The door to pgmedic's own schema: opens it, and runs changes in transactions whose last statement
 * appends their events to the log.
 */
public final class Store {

  /** The channel that wakes whoever waits for an event. */
  static final String CHANNEL = "pgmedic_event";

  /** What runs for each event, on each node. */
  private static final Set<String> OFTEN = Set.of(EventLog.READ, Deliveries.CLAIM);

  private static final int POOL_SIZE = 8;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final Pool pool;
  private final PgConnectOptions options;
  private final EventLog events;
  private final List<Deed> deeds;

  private Store(
      Vertx vertx, Pool pool, PgConnectOptions options, EventLog events, List<Deed> deeds) {
    this.vertx = vertx;
    this.pool = pool;
    this.options = options;
    this.events = events;
    this.deeds = List.copyOf(deeds);
  }

  /**
   * Brings the schema to this version and opens a pool on it.
   *
   * <p>Completes with the store, which the caller closes; fails with {@link
   * dev.pgmedic.postgres.Unreachable} when the database is not to be had, and otherwise as the
   * migration that failed.
   */
  public static Future<Store> open(Vertx vertx, PostgresUrl url) {
    Session.Settings settings =
        new Session.Settings("pgmedic-store", Duration.ofSeconds(5), LIMIT, LIMIT, false);
    PostgresUrl schema = url.withParameter("search_path", StoreSchema.NAME);
    PgConnectOptions options = Session.options(schema, settings);
    return StoreSchema.upgrade(vertx, url)
        .compose(upgraded -> {
          Pool pool = Session.pool(vertx, schema, settings, POOL_SIZE, OFTEN);
          return Future.succeededFuture(
              new Store(vertx, pool, options, new EventLog(pool), List.of()));
        });
  }

  /**
   * A change and the events that tell of it.
   *
   * @param result what the caller gets
   * @param events what is appended to the log in the same transaction, in this order
   */
  record Change<T>(T result, List<NewEvent> events) {
    Change {
      events = List.copyOf(events);
    }

    // What was not there, and what was no more to be changed, was not changed.
    private boolean happened() {
      return !Optional.empty().equals(result) && !Boolean.FALSE.equals(result);
    }

    /** A change of which nobody needs a result. */
    @SuppressWarnings("NullAway") // Void has no other value
    static Change<Void> telling(List<NewEvent> events) {
      return new Change<>(null, events);
    }
  }

  /**
   * Runs a change in one transaction; its events are appended as the last thing before the commit.
   */
  <T> Future<T> change(Function<SqlConnection, Future<Change<T>>> work) {
    return pool.withTransaction(tx ->
        work.apply(tx)
            .compose(change ->
                audit(tx, change)
                    .compose(kept -> events.append(tx, change.events()))
                    .map(change.result())));
  }

  private Future<Void> audit(SqlConnection tx, Change<?> change) {
    Future<Void> kept = Future.succeededFuture();
    for (Deed done : change.happened() ? deeds : List.<Deed>of()) {
      kept = kept.compose(before -> Audit.append(tx, done));
    }
    return kept;
  }

  /**
   * The same store, whose changes are this deed: each that happens is kept in the audit, in its own
   * transaction.
   */
  public Store audited(Deed done) {
    return audited(List.of(done));
  }

  /** As {@link #audited(Deed)}, where one change is what several people asked for. */
  public Store audited(List<Deed> done) {
    return new Store(vertx, pool, options, events, done);
  }

  /** Where queries run that change nothing. */
  Pool reader() {
    return pool;
  }

  /** The log of all events. */
  public EventLog events() {
    return events;
  }

  /** Listens for committed events; the wake-up may be lost or repeated, the log is the truth. */
  public Wakeups wakeups() {
    return new Wakeups(vertx, options);
  }

  /** Whether the store answers. Fails when it does not, within 10 s. */
  public Future<Void> ping() {
    return pool.query("SELECT 1").execute().mapEmpty();
  }

  /**
   * The connections to the store that this node has.
   *
   * @param open those that are there
   * @param most how many there may be
   */
  public record Connections(int open, int most) {}

  /** The connections that there are now. */
  public Connections connections() {
    return new Connections(pool.size(), POOL_SIZE);
  }

  /** Closes the pool. */
  public Future<Void> close() {
    return pool.close();
  }
}
