package dev.pgmedic.store;

import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.event.EventType;
import dev.pgmedic.event.NewEvent;
import dev.pgmedic.json.Json;
import dev.pgmedic.store.Store.Change;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** What people say of known-good: that it is right, and that a difference from it is meant. */
public final class Confirmations {

  private static final String COLUMNS =
      """
      b.version, b.source, b.confirmed, b.confirmed_by, b.confirmed_at, b.taken_at,
      jsonb_array_length(b.catalog) AS objects,
      ARRAY(SELECT jsonb_array_elements_text(b.unexplained)) AS unexplained
      """;

  private static final String LIST =
      "SELECT "
          + COLUMNS
          + """
          FROM baseline b
          WHERE b.target = $1
            AND ($2::text IS NULL
                 OR (b.taken_at, b.version) > (SELECT taken_at, version FROM baseline
                                               WHERE target = $1 AND version = $2))
          ORDER BY b.taken_at, b.version LIMIT $3
          """;

  // Who confirmed it first stays the one who did.
  private static final String CONFIRM =
      """
      UPDATE baseline b SET confirmed = true,
        confirmed_by = CASE WHEN confirmed THEN confirmed_by ELSE $3 END,
        confirmed_at = CASE WHEN confirmed THEN confirmed_at ELSE now() END
      WHERE b.target = $1 AND b.version = $2 RETURNING
      """
          + COLUMNS;

  private static final String ACCEPT =
      """
      UPDATE baseline SET catalog = $3::text::jsonb, unexplained = $4::text::jsonb,
                          script = coalesce($5, script), script_stale = $5::text IS NULL,
                          accepted_at = now()
      WHERE target = $1 AND version = $2
      """;

  private static final String STALE =
      "SELECT FROM baseline WHERE target = $1 AND version = $2 AND script_stale";

  private static final String RENEW =
      """
      UPDATE baseline SET script = $3, script_stale = false
      WHERE target = $1 AND version = $2 AND script_stale
      """;

  private final Store store;

  /** What is said in this store. */
  public Confirmations(Store store) {
    this.store = store;
  }

  /**
   * A known-good catalog, without its objects.
   *
   * @param version the migration version that it belongs to; absent where there is no history
   * @param source where it comes from
   * @param confirmed whether anything but the target itself says that it is right
   * @param confirmedBy who or what said so
   * @param confirmedAt when
   * @param takenAt when it was taken
   * @param objects how many objects it has
   * @param unexplained what the version before had, and what is gone without a reason
   */
  public record Summary(
      Optional<String> version,
      String source,
      boolean confirmed,
      Optional<String> confirmedBy,
      Optional<Instant> confirmedAt,
      Instant takenAt,
      int objects,
      List<String> unexplained) {

    private static Summary of(Row row) {
      return new Summary(
          Optional.of(row.getString("version")).filter(version -> !version.isEmpty()),
          row.getString("source"),
          row.getBoolean("confirmed"),
          Optional.ofNullable(row.getString("confirmed_by")),
          Optional.ofNullable(row.getOffsetDateTime("confirmed_at")).map(OffsetDateTime::toInstant),
          row.getOffsetDateTime("taken_at").toInstant(),
          row.getInteger("objects"),
          List.of(row.getArrayOfStrings("unexplained")));
    }
  }

  /** A page of a target's known-good catalogs, oldest first. Fails as the store fails. */
  public Future<Page<Summary>> list(String target, Optional<String> after, int limit) {
    return store
        .reader()
        .preparedQuery(LIST)
        .execute(Tuple.of(target, after.orElse(null), limit + 1))
        .map(rows ->
            Page.of(
                StreamSupport.stream(rows.spliterator(), false).map(Summary::of).toList(),
                limit,
                summary -> summary.version().orElse("")));
  }

  /**
   * Says that the known-good catalog of a version is right. Publishes {@code baseline.taken} with
   * who said it.
   *
   * <p>Completes with it, or with nothing when there is none of that version; fails as the store
   * fails.
   */
  public Future<Optional<Summary>> confirm(String target, Optional<String> version, String by) {
    return store.change(tx ->
        tx.preparedQuery(CONFIRM)
            .execute(Tuple.of(target, version.orElse(""), by))
            .map(rows ->
                StreamSupport.stream(rows.spliterator(), false).map(Summary::of).findFirst())
            .map(known ->
                new Change<>(known, known.map(said -> confirmed(target, said)).stream().toList())));
  }

  private static NewEvent confirmed(String target, Summary known) {
    return new NewEvent(
        EventType.BASELINE_TAKEN,
        target,
        target,
        new JsonObject()
            .put("target", target)
            .put("version", known.version().orElse(null))
            .put("source", known.source())
            .put("confirmed", true)
            .put("confirmed_by", known.confirmedBy().orElse(null))
            .put("objects", known.objects()));
  }

  /**
   * A difference that becomes a part of known-good.
   *
   * @param issue the issue that told of it
   * @param good known-good with the difference in it
   * @param script SQL that makes all of it; absent where the target has other faults, so that
   *     nothing can be read from it yet
   * @param by who wants it, and why, for people
   */
  public record Accepted(UUID issue, KnownGood good, Optional<String> script, String by) {}

  /**
   * Takes a difference into known-good and ends its issue, in one transaction.
   *
   * <p>Completes with whether the issue was open; when it was not, nothing changed. Fails as the
   * store fails.
   */
  public Future<Boolean> accept(String target, Accepted accepted) {
    List<NewEvent> events = new ArrayList<>();
    KnownGood good = accepted.good();
    Tuple values =
        Tuple.of(
            target,
            good.version().orElse(""),
            Json.write(good.catalog()),
            Json.write(good.unexplained()),
            accepted.script().orElse(null));
    return store.change(tx ->
        Reports.lock(tx, target)
            .compose(alone ->
                Issues.resolve(tx, accepted.issue(), "accepted by " + accepted.by(), events))
            .compose(open ->
                open
                    ? tx.preparedQuery(ACCEPT).execute(values).map(true)
                    : Future.succeededFuture(false))
            .map(done -> new Change<>(done, events)));
  }

  /** Whether known-good went on without its script. Fails as the store fails. */
  public Future<Boolean> wantsScript(String target, Optional<String> version) {
    return store
        .reader()
        .preparedQuery(STALE)
        .execute(Tuple.of(target, version.orElse("")))
        .map(rows -> rows.size() == 1);
  }

  /** Gives known-good the script that makes it. Fails as the store fails. */
  public Future<Void> renew(String target, Optional<String> version, String script) {
    return store
        .reader()
        .preparedQuery(RENEW)
        .execute(Tuple.of(target, version.orElse(""), script))
        .mapEmpty();
  }
}
