package dev.pgmedic.store;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.event.EventType;
import dev.pgmedic.event.NewEvent;
import dev.pgmedic.json.Json;
import dev.pgmedic.store.Store.Change;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the last replay of each target's migrations told. */
public final class Replays {

  private static final String LAST =
      "SELECT digest, outcome, detail, at FROM replay WHERE target = $1";

  private static final String SAVE =
      """
      INSERT INTO replay (target, digest, outcome, detail, versions)
      VALUES ($1, $2, $3, $4, $5::text::jsonb)
      ON CONFLICT (target) DO UPDATE SET digest = excluded.digest, outcome = excluded.outcome,
        detail = excluded.detail, versions = excluded.versions, at = now()
      """;

  // Touched whatever it is: what a target is held against went on with the replay.
  private static final String AGREES =
      """
      UPDATE baseline SET confirmed = confirmed OR $3, unexplained = '[]',
        confirmed_by = CASE WHEN confirmed OR NOT $3 THEN confirmed_by ELSE 'replay' END,
        confirmed_at = CASE WHEN confirmed OR NOT $3 THEN confirmed_at ELSE now() END
      WHERE target = $1 AND version = $2
      """;

  // What a person said is stronger than what the files say.
  private static final String DIFFERS =
      """
      UPDATE baseline SET source = 'replay', catalog = $4::text::jsonb, script = $5,
        script_stale = false, unexplained = '[]', taken_at = now(), confirmed = $3,
        confirmed_by = CASE WHEN $3 THEN 'replay' END, confirmed_at = CASE WHEN $3 THEN now() END
      WHERE target = $1 AND version = $2 AND accepted_at IS NULL
        AND NOT (confirmed AND confirmed_by NOT IN ('expect', 'replay'))
      """;

  private final Store store;

  /** The replays in this store. */
  public Replays(Store store) {
    this.store = store;
  }

  /**
   * A replay that was kept.
   *
   * @param digest of all that it ran
   * @param outcome {@code agrees}, {@code differs} or {@code failed}
   * @param detail one sentence
   * @param at when
   */
  public record Last(String digest, String outcome, String detail, Instant at) {

    private static Last of(Row row) {
      return new Last(
          row.getString("digest"),
          row.getString("outcome"),
          row.getString("detail"),
          row.getOffsetDateTime("at").toInstant());
    }
  }

  /** The last replay of a target; empty when there was none. Fails as the store fails. */
  public Future<Optional<Last>> last(String target) {
    return store
        .reader()
        .preparedQuery(LAST)
        .execute(Tuple.of(target))
        .map(rows ->
            rows.size() == 0 ? Optional.empty() : Optional.of(Last.of(rows.iterator().next())));
  }

  /** Keeps that a replay failed: the baseline serves. Fails as the store fails. */
  public Future<Void> failed(String target, String digest, String reason) {
    return store
        .reader()
        .preparedQuery(SAVE)
        .execute(Tuple.of(target, digest, "failed", reason, "[]"))
        .mapEmpty();
  }

  /**
   * Keeps that the target has what its migrations make, which confirms its baseline.
   *
   * <p>Completes with whether that version has a baseline; fails as the store fails.
   *
   * @param good what the replay made; confirmed where definitions were compared, too
   */
  public Future<Boolean> agrees(String target, String digest, KnownGood good) {
    String detail =
        good.confirmed()
            ? "the target has what its migrations make"
            : "the target has what its migrations make, by name: the servers' versions differ";
    return store.change(tx ->
        save(tx, target, List.of(digest, "agrees", detail), good)
            .compose(saved ->
                tx.preparedQuery(AGREES)
                    .execute(Tuple.of(target, good.version().orElse(""), good.confirmed())))
            .map(rows -> new Change<>(rows.rowCount() == 1, List.of(taken(target, good, true)))));
  }

  /**
   * Keeps that the target does not have what its migrations make: from now on it is held against
   * that, unless a person confirmed or accepted something else.
   *
   * <p>Completes with whether it is held against it now; fails as the store fails.
   */
  public Future<Boolean> differs(String target, String digest, KnownGood good) {
    Tuple values =
        Tuple.of(
            target,
            good.version().orElse(""),
            good.confirmed(),
            Json.write(good.catalog()),
            good.script());
    String detail = "the target does not have what its migrations make";
    return store.change(tx ->
        save(tx, target, List.of(digest, "differs", detail), good)
            .compose(saved -> tx.preparedQuery(DIFFERS).execute(values))
            .map(rows -> rows.rowCount() == 1)
            .map(done ->
                new Change<>(
                    done, done ? List.of(taken(target, good, false)) : List.<NewEvent>of())));
  }

  private static Future<?> save(
      SqlConnection tx, String target, List<String> told, KnownGood good) {
    return Reports.lock(tx, target)
        .compose(alone ->
            tx.preparedQuery(SAVE)
                .execute(
                    Tuple.of(
                        target,
                        told.get(0),
                        told.get(1),
                        told.get(2),
                        Json.write(good.versions()))));
  }

  private static NewEvent taken(String target, KnownGood good, boolean agrees) {
    return new NewEvent(
        EventType.BASELINE_TAKEN,
        target,
        target,
        new JsonObject()
            .put("target", target)
            .put("version", good.version().orElse(null))
            .put("source", agrees ? "baseline" : "replay")
            .put("confirmed", good.confirmed())
            .put("confirmed_by", good.confirmed() ? "replay" : null)
            .put("objects", good.catalog().objects().size()));
  }
}
