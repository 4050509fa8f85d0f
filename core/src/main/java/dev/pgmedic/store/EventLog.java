package dev.pgmedic.store;

import dev.pgmedic.event.Cursor;
import dev.pgmedic.event.Event;
import dev.pgmedic.event.EventType;
import dev.pgmedic.event.NewEvent;
import dev.pgmedic.json.Json;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * The durable log of all events, ordered by commit: the number is drawn as the last statement
 * before the commit, under the lock of one row, so that whoever sees a number sees every number
 * before it.
 */
public final class EventLog {

  private static final String EPOCH =
      """
      SELECT c.system_identifier::text || '/' || k.timeline_id::text || '/' || d.oid::text || '/'
             || 'event'::regclass::oid::text AS epoch
      FROM pg_control_system() c, pg_control_checkpoint() k, pg_database d
      WHERE d.datname = current_database()
      """;

  private static final String APPEND =
      """
      WITH head AS (UPDATE event_head SET last = last + $5 RETURNING last),
      woken AS (SELECT pg_notify($6, ''))
      INSERT INTO event (sequence, type, target, subject, data)
      SELECT head.last - $5 + e.number, e.type, e.target, e.subject, e.data
      FROM head, woken,
           ROWS FROM (unnest($1::text[]), unnest($2::text[]), unnest($3::text[]),
                      unnest($4::jsonb[]))
             WITH ORDINALITY AS e(type, target, subject, data, number)
      """;

  private static final String READ =
      """
      SELECT sequence, type, target, subject, at, data FROM event
      WHERE sequence > $1 AND ($2::text IS NULL OR target = $2) AND ($3::text IS NULL OR type = $3)
      ORDER BY sequence LIMIT $4
      """;

  private static final String BOUNDS =
      """
      SELECT last AS newest, coalesce((SELECT min(sequence) - 1 FROM event), last) AS oldest
      FROM event_head
      """;

  private final Pool pool;
  private final String epoch;

  private EventLog(Pool pool, String epoch) {
    this.pool = pool;
    this.epoch = epoch;
  }

  static Future<EventLog> open(Pool pool) {
    return pool.query(EPOCH)
        .execute()
        .map(rows -> {
          String origin = rows.iterator().next().getString("epoch");
          String hash = Json.digest(origin);
          return new EventLog(pool, hash.substring(7, 15));
        });
  }

  Future<Void> append(SqlConnection tx, List<NewEvent> events) {
    if (events.isEmpty()) {
      return Future.succeededFuture();
    }
    return tx.preparedQuery(APPEND)
        .execute(
            Tuple.of(
                events.stream().map(event -> event.type().toString()).toArray(String[]::new),
                events.stream().map(NewEvent::target).toArray(String[]::new),
                events.stream().map(NewEvent::subject).toArray(String[]::new),
                events.stream().map(NewEvent::data).toArray(JsonObject[]::new),
                (long) events.size(),
                Store.CHANNEL))
        .mapEmpty();
  }

  /**
   * The span of the log.
   *
   * @param oldest the cursor that reads all that the log holds
   * @param newest the cursor of the last event
   */
  public record Bounds(Cursor oldest, Cursor newest) {

    /**
     * Whether the log can go on from here without a gap: same epoch, not before it, not ahead of
     * it.
     */
    public boolean reaches(Cursor cursor) {
      return cursor.epoch().equals(newest.epoch())
          && cursor.sequence() >= oldest.sequence()
          && cursor.sequence() <= newest.sequence();
    }
  }

  /** Where the log begins and ends now. Fails as the store fails. */
  public Future<Bounds> bounds() {
    return pool.query(BOUNDS)
        .execute()
        .map(rows -> rows.iterator().next())
        .map(row ->
            new Bounds(
                new Cursor(epoch, row.getLong("oldest")),
                new Cursor(epoch, row.getLong("newest"))));
  }

  /**
   * Reads the events behind a cursor, oldest first. Fails as the store fails.
   *
   * @param target only of this target, if given
   * @param type only of this type, if given
   * @param limit at most this many, 1 or more
   */
  public Future<List<Event>> read(
      Cursor after, Optional<String> target, Optional<EventType> type, int limit) {
    return pool.preparedQuery(READ)
        .execute(
            Tuple.of(
                after.sequence(),
                target.orElse(null),
                type.map(EventType::toString).orElse(null),
                limit))
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(this::event).toList());
  }

  private Event event(Row row) {
    return new Event(
        new Cursor(epoch, row.getLong("sequence")),
        EventType.of(row.getString("type")),
        row.getString("target"),
        row.getString("subject"),
        row.getOffsetDateTime("at").toInstant(),
        row.getJsonObject("data"));
  }
}
