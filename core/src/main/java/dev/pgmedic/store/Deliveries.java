package dev.pgmedic.store;

import dev.pgmedic.event.Event;
import dev.pgmedic.store.Store.Change;
import dev.pgmedic.webhook.Retries;
import dev.pgmedic.webhook.Retries.Outcome;
import dev.pgmedic.webhook.Webhook;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * What is to be sent to webhooks. A row is made in the transaction of the event, so that none is
 * lost; for a webhook only the oldest is tried until it is taken or dead, so that all come in
 * order.
 */
public final class Deliveries {

  private static final int ERROR_LIMIT = 300;

  static final String CLAIM =
      """
      WITH picked AS (
        UPDATE webhook SET lease_owner = $1,
          lease_until = now() + $2::int8 * interval '1 millisecond'
        WHERE id = (
          SELECT w.id FROM webhook w
          WHERE w.attempt_at <= now() AND (w.lease_until IS NULL OR w.lease_until < now())
            AND EXISTS (SELECT FROM webhook_delivery d
                        WHERE d.webhook = w.id AND d.state = 'pending')
          ORDER BY w.attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING *)
      SELECT p.id, p.name, p.url, p.format, p.secret, p.targets, p.types, p.failures, o.epoch,
             now() AS now, d.since, e.sequence, e.type, e.target, e.subject, e.at, e.data
      FROM picked p
      JOIN LATERAL (SELECT * FROM webhook_delivery
                    WHERE webhook = p.id AND state = 'pending' ORDER BY sequence LIMIT 1) d ON true
      JOIN event e ON e.sequence = d.sequence,
      (%s) o
      """
          .formatted(EventLog.EPOCH);

  private static final String RECORD =
      """
      WITH mine AS (
        UPDATE webhook SET failures = $3, attempt_at = now() + $4::int8 * interval '1 millisecond',
          lease_owner = NULL, lease_until = NULL
        WHERE id = $1 AND lease_owner = $2 RETURNING id)
      UPDATE webhook_delivery d SET attempts = attempts + 1, state = $6, last_error = $7,
        finished_at = CASE WHEN $6 = 'pending' THEN NULL ELSE now() END
      FROM mine WHERE d.webhook = mine.id AND d.sequence = $5
      """;

  private static final String LIST =
      """
      SELECT d.*, e.type, e.target, o.epoch FROM webhook_delivery d
      JOIN event e ON e.sequence = d.sequence, (%s) o
      WHERE d.webhook = $1 AND ($2::text IS NULL OR d.state = $2) AND d.sequence > $3
      ORDER BY d.sequence LIMIT $4
      """
          .formatted(EventLog.EPOCH);

  private static final String REPLAY =
      """
      UPDATE webhook_delivery SET state = 'pending', since = now(), finished_at = NULL
      WHERE webhook = $1 AND state = 'dead' AND ($2::int8 IS NULL OR sequence = $2)
      """;

  private static final String AT_ONCE = "UPDATE webhook SET attempt_at = now() WHERE id = $1";

  private final Store store;

  /** The deliveries in this store. */
  public Deliveries(Store store) {
    this.store = store;
  }

  /**
   * The right to try one delivery.
   *
   * @param owner who has it
   * @param id the webhook
   * @param failures how many attempts were in vain since the last that was taken
   * @param age the time since the delivery was to be made
   * @param now the store's time
   */
  public record Claim(
      UUID owner, UUID id, Webhook webhook, int failures, Event event, Duration age, Instant now) {}

  /**
   * A delivery.
   *
   * @param event the event's id
   * @param sequence its number
   * @param state pending, delivered or dead
   * @param attempts how often it was tried
   * @param lastError why the last attempt was in vain
   * @param since since when it is to be made
   * @param finishedAt when it was taken or given up
   */
  public record Delivery(
      String event,
      long sequence,
      String type,
      String target,
      String state,
      int attempts,
      Optional<String> lastError,
      Instant since,
      Optional<Instant> finishedAt) {}

  /**
   * Claims the oldest delivery of a webhook whose turn it is, if there is one. Fails as the store
   * fails.
   *
   * @param lease how long the claim holds; longer than an attempt lasts
   */
  public Future<Optional<Claim>> claim(Duration lease) {
    UUID owner = UUID.randomUUID();
    return store
        .reader()
        .preparedQuery(CLAIM)
        .execute(Tuple.of(owner, lease.toMillis()))
        .map(rows ->
            StreamSupport.stream(rows.spliterator(), false)
                .map(row -> claim(owner, row))
                .findFirst());
  }

  private static Claim claim(UUID owner, Row row) {
    Instant now = row.getOffsetDateTime("now").toInstant();
    return new Claim(
        owner,
        row.getUUID("id"),
        Webhooks.webhook(row),
        row.getInteger("failures"),
        EventLog.event(row),
        Duration.between(row.getOffsetDateTime("since").toInstant(), now),
        now);
  }

  /**
   * Takes in what came of an attempt, unless the claim is another's by now. Fails as the store
   * fails; then the delivery is tried again once the claim has ended.
   */
  public Future<Void> record(Claim claim, Outcome outcome) {
    boolean delivered = outcome instanceof Outcome.Delivered;
    int failures = delivered ? 0 : claim.failures() + 1;
    String state =
        delivered ? "delivered" : Retries.dead(outcome, claim.age()) ? "dead" : "pending";
    return store
        .reader()
        .preparedQuery(RECORD)
        .execute(
            Tuple.of(
                claim.id(),
                claim.owner(),
                failures,
                delivered ? 0L : Retries.pause(failures).toMillis(),
                claim.event().cursor().sequence(),
                state,
                error(outcome)))
        .mapEmpty();
  }

  private static @org.jspecify.annotations.Nullable String error(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Delivered taken -> null;
      case Outcome.Failed failed -> bounded(failed.why());
      case Outcome.Refused refused -> bounded(refused.why());
    };
  }

  private static String bounded(String text) {
    return text.substring(0, Math.min(text.length(), ERROR_LIMIT)).replace("\u0000", "");
  }

  /** A page of deliveries of a webhook, oldest first. Fails as the store fails. */
  public Future<Page<Delivery>> list(UUID webhook, Optional<String> state, long after, int limit) {
    return store
        .reader()
        .preparedQuery(LIST)
        .execute(Tuple.of(webhook, state.orElse(null), after, limit + 1))
        .map(rows ->
            Page.of(
                StreamSupport.stream(rows.spliterator(), false).map(Deliveries::delivery).toList(),
                limit,
                delivery -> Long.toString(delivery.sequence())));
  }

  private static Delivery delivery(Row row) {
    return new Delivery(
        row.getString("epoch") + "-" + row.getLong("sequence"),
        row.getLong("sequence"),
        row.getString("type"),
        row.getString("target"),
        row.getString("state"),
        row.getInteger("attempts"),
        Optional.ofNullable(row.getString("last_error")),
        row.getOffsetDateTime("since").toInstant(),
        Optional.ofNullable(row.getOffsetDateTime("finished_at")).map(OffsetDateTime::toInstant));
  }

  /**
   * Sends dead deliveries again, at once. Completes with how many there are; fails as the store
   * fails.
   *
   * @param sequence this one alone, if given
   */
  public Future<Integer> replay(UUID webhook, Optional<Long> sequence) {
    return store.change(tx ->
        tx.preparedQuery(REPLAY)
            .execute(Tuple.of(webhook, sequence.orElse(null)))
            .compose(again ->
                tx.preparedQuery(AT_ONCE)
                    .execute(Tuple.of(webhook))
                    .map(soon -> new Change<>(again.rowCount(), List.of()))));
  }
}
