package dev.pgmedic.lock;

import dev.pgmedic.deadline.Deadline;
import dev.pgmedic.postgres.BackendSession;
import dev.pgmedic.postgres.Session;
import dev.pgmedic.target.PostgresUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Asks a pooler for sessions, as any client would, and sees which of them come with an advisory
 * lock that an earlier client left there. Nothing in the server's views tells such a session from a
 * tool's own idle one; that the pooler gives it to somebody else does.
 *
 * @see <a href="https://www.pgbouncer.org/features.html">What pooling modes break</a>
 */
final class PoolerProbe {

  /** More idle sessions than this a pooler is not asked for. */
  static final int MOST = 20;

  private static final Duration LIMIT = Duration.ofSeconds(5);

  // What a client brings along for PgBouncer to refuse stays away.
  private static final Map<String, String> PLAIN =
      Map.of("application_name", "pgmedic-locks", "client_encoding", "utf-8", "DateStyle", "ISO");

  // We took no lock, so whatever this session holds was left by another client.
  private static final String LEFT_OVER =
      """
      SELECT a.pid, a.backend_start FROM pg_catalog.pg_stat_activity a
      WHERE a.pid = pg_catalog.pg_backend_pid() AND EXISTS (
        SELECT 1 FROM pg_catalog.pg_locks l
        WHERE l.pid = a.pid AND l.locktype = 'advisory' AND l.granted)
      """;

  private final Pool pool;
  private final Queue<Transaction> open = new ConcurrentLinkedQueue<>();

  private PoolerProbe(Pool pool) {
    this.pool = pool;
  }

  /**
   * The sessions that the pooler gave us although an advisory lock was left on them.
   *
   * <p>Completes at the latest after 5 s with what was seen until then; fails when the pooler
   * refused every one of us. Holds up to {@code clients} of the pooler's sessions for a moment and
   * gives each back unchanged.
   *
   * @param clients how many sessions to ask for at once, 1 to {@link #MOST}: a pooler gives the one
   *     that was used last first
   */
  static Future<Set<BackendSession>> ask(Vertx vertx, PostgresUrl pooler, int clients) {
    Session.Settings settings =
        new Session.Settings("pgmedic-locks", LIMIT, LIMIT, Duration.ZERO, true);
    PgConnectOptions options = Session.options(pooler, settings);
    options.setProperties(PLAIN);
    Pool pool =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(clients).setConnectionTimeout(0))
            .connectingTo(options)
            .using(vertx)
            .build();
    return new PoolerProbe(pool).ask(clients);
  }

  private Future<Set<BackendSession>> ask(int clients) {
    List<Future<List<BackendSession>>> asked =
        Stream.generate(this::oneClient).limit(clients).toList();
    return Deadline.within(LIMIT, "asking the pooler", Future.join(asked))
        .transform(done -> givenBack())
        .compose(closed -> answers(asked));
  }

  private Future<List<BackendSession>> oneClient() {
    return pool.getConnection()
        .compose(connection -> connection.begin().compose(tx -> leftOver(connection, tx)));
  }

  private Future<List<BackendSession>> leftOver(SqlConnection connection, Transaction transaction) {
    open.add(transaction);
    return connection
        .query(LEFT_OVER)
        .execute()
        .map(rows -> {
          List<BackendSession> sessions = new ArrayList<>();
          for (Row row : rows) {
            sessions.add(
                new BackendSession(
                    row.getInteger("pid"), row.getOffsetDateTime("backend_start").toInstant()));
          }
          return sessions;
        });
  }

  // A pooler ends the server's session of a client that leaves in the middle of a transaction.
  private Future<Void> givenBack() {
    List<Future<Void>> ended = open.stream().map(Transaction::rollback).toList();
    return Deadline.within(LIMIT, "giving sessions back", Future.join(ended))
        .transform(done -> Deadline.within(LIMIT, "closing", pool.close()).otherwiseEmpty());
  }

  private static Future<Set<BackendSession>> answers(List<Future<List<BackendSession>>> asked) {
    List<Future<List<BackendSession>>> answered = asked.stream().filter(Future::succeeded).toList();
    if (answered.isEmpty()) {
      return Future.failedFuture(
          asked.stream()
              .filter(Future::failed)
              .map(Future::cause)
              .findFirst()
              .orElse(new IllegalStateException("no answer within " + LIMIT.toSeconds() + " s")));
    }
    return Future.succeededFuture(
        answered.stream().flatMap(answer -> answer.result().stream()).collect(Collectors.toSet()));
  }
}
