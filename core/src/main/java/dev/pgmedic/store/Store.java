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
import java.util.function.Function;

/**
 * The door to pgmedic's own schema: opens it, and runs changes in transactions whose last statement
 * appends their events to the log.
 */
public final class Store {

  /** The channel that wakes whoever waits for an event. */
  static final String CHANNEL = "pgmedic_event";

  private static final int POOL_SIZE = 8;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final Pool pool;
  private final PgConnectOptions options;
  private final EventLog events;

  private Store(Vertx vertx, Pool pool, PgConnectOptions options, EventLog events) {
    this.vertx = vertx;
    this.pool = pool;
    this.options = options;
    this.events = events;
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
          Pool pool = Session.pool(vertx, schema, settings, POOL_SIZE);
          return EventLog.open(pool)
              .map(events -> new Store(vertx, pool, options, events))
              .recover(error -> pool.close().transform(done -> Future.failedFuture(error)));
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
        work.apply(tx).compose(change -> events.append(tx, change.events()).map(change.result())));
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

  /** Closes the pool. */
  public Future<Void> close() {
    return pool.close();
  }
}
