package dev.pgmedic.store;

import dev.pgmedic.event.Cursor;
import dev.pgmedic.event.Event;
import dev.pgmedic.event.EventFilter;
import dev.pgmedic.event.EventType;
import dev.pgmedic.event.NewEvent;
import dev.pgmedic.event.consumer.EventHistory;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
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
public final class EventLog implements EventHistory {

  private static final int PAGE = 100;

  // A store that was restored, or that another server carries on, counts anew: it is another log.
  static final String EPOCH =
      """
      SELECT left(encode(sha256(convert_to(concat_ws('/', c.system_identifier,
               left(pg_walfile_name(pg_current_wal_insert_lsn()), 8), d.oid,
               'event'::regclass::oid), 'UTF8')), 'hex'), 8) AS epoch
      FROM pg_control_system() c, pg_database d WHERE d.datname = current_database()
      """;

  private static final String APPEND =
      """
      WITH head AS (UPDATE event_head SET last = last + $5 RETURNING last),
      woken AS (SELECT pg_notify($6, '')),
      appended AS (
        INSERT INTO event (sequence, type, target, subject, data)
        SELECT head.last - $5 + e.number, e.type, e.target, e.subject, e.data
        FROM head, woken,
             ROWS FROM (unnest($1::text[]), unnest($2::text[]), unnest($3::text[]),
                        unnest($4::jsonb[]))
               WITH ORDINALITY AS e(type, target, subject, data, number)
        RETURNING sequence, type, target)
      INSERT INTO webhook_delivery (webhook, sequence)
      SELECT w.id, a.sequence FROM appended a JOIN webhook w
        ON (cardinality(w.targets) = 0 OR a.target = ANY (w.targets))
       AND (cardinality(w.types) = 0 OR a.type = ANY (w.types))
      """;

  private static final String BOUNDS =
      """
      SELECT o.epoch, h.last AS newest,
             coalesce((SELECT min(sequence) - 1 FROM event), h.last) AS oldest
      FROM event_head h, (%s) o
      """
          .formatted(EPOCH);

  // One statement, and so one moment: what it says of the log is true of what it read.
  static final String READ =
      """
      WITH log AS (%s),
      start AS (
        SELECT CASE WHEN log.epoch = $1 AND $2 BETWEEN log.oldest AND log.newest
                    THEN $2 ELSE log.oldest END AS sequence FROM log)
      SELECT log.epoch, log.newest, log.oldest,
             e.sequence, e.type, e.target, e.subject, e.at, e.data
      FROM log LEFT JOIN LATERAL (
        SELECT event.* FROM event, start
        WHERE event.sequence > start.sequence
          AND (cardinality($3::text[]) = 0 OR event.target = ANY ($3))
          AND (cardinality($4::text[]) = 0 OR event.type = ANY ($4))
        ORDER BY event.sequence LIMIT $5) e ON true
      ORDER BY e.sequence
      """
          .formatted(BOUNDS);

  private final Pool pool;

  EventLog(Pool pool) {
    this.pool = pool;
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

  /**
   * What was read behind a cursor.
   *
   * @param bounds the span of the log at that moment
   * @param stale whether the cursor was not to be followed, so that this is what the log holds
   *     instead
   * @param events oldest first
   * @param reached where to read on: behind the last of the events, or at the end of the log when
   *     nothing more is there for the filter
   */
  public record Reading(Bounds bounds, boolean stale, List<Event> events, Cursor reached) {

    /** Copies the events. */
    public Reading {
      events = List.copyOf(events);
    }
  }

  /** Where the log begins and ends now. Fails as the store fails. */
  public Future<Bounds> bounds() {
    return pool.query(BOUNDS).execute().map(rows -> bounds(rows.iterator().next()));
  }

  /**
   * Reads the events behind a cursor, or from the beginning of the log when the cursor is not to be
   * followed. Fails as the store fails.
   *
   * @param limit at most this many, 1 or more
   */
  public Future<Reading> read(Cursor after, EventFilter filter, int limit) {
    return pool.preparedQuery(READ)
        .execute(
            Tuple.of(
                after.epoch(),
                after.sequence(),
                filter.targets().toArray(String[]::new),
                filter.types().stream().map(EventType::toString).toArray(String[]::new),
                limit))
        .map(rows -> reading(after, rows, limit));
  }

  @Override
  public Future<Page> after(Optional<Cursor> cursor) {
    return cursor
        .map(place -> read(place, EventFilter.ALL, PAGE).map(EventLog::page))
        .orElseGet(
            () -> bounds().map(bounds -> new Page(List.of(), bounds.newest(), false, false)));
  }

  private static Page page(Reading read) {
    return new Page(read.events(), read.reached(), read.stale(), read.events().size() == PAGE);
  }

  private static Reading reading(Cursor after, RowSet<Row> rows, int limit) {
    Bounds bounds = bounds(rows.iterator().next());
    List<Event> events =
        StreamSupport.stream(rows.spliterator(), false)
            .filter(row -> row.getLong("sequence") != null)
            .map(EventLog::event)
            .toList();
    Cursor reached =
        events.size() < limit ? bounds.newest() : events.get(events.size() - 1).cursor();
    return new Reading(bounds, !bounds.reaches(after), events, reached);
  }

  private static Bounds bounds(Row row) {
    String epoch = row.getString("epoch");
    return new Bounds(
        new Cursor(epoch, row.getLong("oldest")), new Cursor(epoch, row.getLong("newest")));
  }

  static Event event(Row row) {
    return new Event(
        new Cursor(row.getString("epoch"), row.getLong("sequence")),
        EventType.of(row.getString("type")),
        row.getString("target"),
        row.getString("subject"),
        row.getOffsetDateTime("at").toInstant(),
        row.getJsonObject("data"));
  }
}
