package dev.pgmedic.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** What was answered to requests that carry a key, so that one that comes again does nothing. */
public final class KeptAnswers {

  /** How long an answer is kept. */
  public static final Duration KEPT = Duration.ofHours(24);

  /** Longer than any request is at work: who claimed a key and says nothing until then is gone. */
  private static final Duration AT_WORK = Duration.ofMinutes(10);

  private static final int BATCH = 1_000;

  private static final String CLAIM =
      """
      INSERT INTO kept_answer AS kept (token, key, request, claim, claimed_until)
      VALUES ($1, $2, $3, $4, now() + $5::int8 * interval '1 millisecond')
      ON CONFLICT (token, key) DO UPDATE
      SET request = EXCLUDED.request, claim = EXCLUDED.claim, at = now(),
        claimed_until = EXCLUDED.claimed_until,
        status = NULL, content_type = NULL, tag = NULL, body = NULL
      WHERE kept.at < now() - $6::int8 * interval '1 millisecond'
        OR (kept.status IS NULL AND kept.claimed_until < now() AND kept.request = EXCLUDED.request)
      """;

  private static final String FIND =
      "SELECT request, status, content_type, tag, body FROM kept_answer"
          + " WHERE token = $1 AND key = $2";

  private static final String KEEP =
      """
      UPDATE kept_answer SET status = $4, content_type = $5, tag = $6, body = $7
      WHERE token = $1 AND key = $2 AND claim = $3
      """;

  private static final String RELEASE =
      "DELETE FROM kept_answer WHERE token = $1 AND key = $2 AND claim = $3 AND status IS NULL";

  private static final String FORGET =
      """
      DELETE FROM kept_answer WHERE (token, key) IN (
        SELECT token, key FROM kept_answer WHERE at < now() - $1::int8 * interval '1 millisecond'
        ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)
      """;

  private final Store store;

  /** The answers in this store. */
  public KeptAnswers(Store store) {
    this.store = store;
  }

  /**
   * A request with a key.
   *
   * @param token the name of whoever asks; a key is theirs alone
   * @param key as they chose it
   * @param digest a hash of all that they ask
   */
  public record Request(String token, String key, String digest) {}

  /**
   * An answer, as it is given again.
   *
   * @param status the HTTP status
   * @param contentType what the body is
   * @param tag the entity tag; absent where it has none
   * @param body word for word
   */
  public record Answer(int status, String contentType, Optional<String> tag, String body) {}

  /** What is known of a request when it comes. */
  public sealed interface Found {

    /** Nothing: it is to be done, and its answer kept, under this claim. */
    record New(UUID claim) implements Found {}

    /** It was answered so. */
    record Answered(Answer answer) implements Found {}

    /** It is being done. */
    record AtWork() implements Found {}

    /** The key was another request's. */
    record OtherRequest() implements Found {}
  }

  /**
   * Claims a key, for the first request that carries it. A claim whose node is gone is another's
   * after ten minutes. Fails as the store fails.
   */
  public Future<Found> claim(Request request) {
    UUID claim = UUID.randomUUID();
    return store
        .reader()
        .preparedQuery(CLAIM)
        .execute(
            Tuple.of(
                request.token(),
                request.key(),
                request.digest(),
                claim,
                AT_WORK.toMillis(),
                KEPT.toMillis()))
        .compose(claimed ->
            claimed.rowCount() == 1 ? Future.succeededFuture(new Found.New(claim)) : find(request));
  }

  private Future<Found> find(Request request) {
    return store
        .reader()
        .preparedQuery(FIND)
        .execute(Tuple.of(request.token(), request.key()))
        .map(rows -> found(request, rows));
  }

  // What is there no more was given back a moment ago: whoever asks again gets it.
  private static Found found(Request request, RowSet<Row> rows) {
    if (rows.size() == 0) {
      return new Found.AtWork();
    }
    Row row = rows.iterator().next();
    if (!row.getString("request").equals(request.digest())) {
      return new Found.OtherRequest();
    }
    return row.getInteger("status") == null
        ? new Found.AtWork()
        : new Found.Answered(
            new Answer(
                row.getInteger("status"),
                row.getString("content_type"),
                Optional.ofNullable(row.getString("tag")),
                row.getString("body")));
  }

  /** Keeps the answer to a claimed request. Fails as the store fails. */
  public Future<Void> keep(Request request, UUID claim, Answer answer) {
    return store
        .reader()
        .preparedQuery(KEEP)
        .execute(
            Tuple.of(request.token(), request.key(), claim, answer.status())
                .addString(answer.contentType())
                .addString(answer.tag().orElse(null))
                .addString(answer.body()))
        .mapEmpty();
  }

  /** Gives a key back: nothing was done, or nobody knows. Fails as the store fails. */
  public Future<Void> release(Request request, UUID claim) {
    return store
        .reader()
        .preparedQuery(RELEASE)
        .execute(Tuple.of(request.token(), request.key(), claim))
        .mapEmpty();
  }

  /**
   * Deletes what was kept long enough. Any number of nodes may do it at once. Completes with how
   * many that were; fails as the store fails.
   */
  public Future<Integer> forget() {
    return store
        .reader()
        .preparedQuery(FORGET)
        .execute(Tuple.of(KEPT.toMillis(), BATCH))
        .compose(deleted ->
            deleted.rowCount() < BATCH
                ? Future.succeededFuture(deleted.rowCount())
                : forget().map(more -> deleted.rowCount() + more));
  }
}
