package dev.pgmedic.store;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.pgmedic.catalog.Catalog;
import dev.pgmedic.catalog.KnownGood;
import dev.pgmedic.catalog.RowEstimate;
import dev.pgmedic.catalog.VersionObjects;
import dev.pgmedic.event.EventType;
import dev.pgmedic.event.NewEvent;
import dev.pgmedic.json.Json;
import dev.pgmedic.store.Store.Change;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The known-good catalogs of targets, one a version. */
public final class Baselines {

  private static final String FIND =
      """
      SELECT version, source, confirmed, taken_at, catalog::text AS catalog, script,
             unexplained::text AS unexplained,
             coalesce((SELECT p.versions FROM replay p WHERE p.target = b.target), '[]')::text
               AS versions,
             coalesce((SELECT jsonb_object_agg(r.relation,
                              jsonb_build_object('rows', r.rows, 'seen_at', r.seen_at))
                       FROM row_estimate r WHERE r.target = b.target), '{}')::text AS rows
      FROM baseline b WHERE target = $1 AND ($2::text IS NULL OR version = $2)
      ORDER BY taken_at DESC LIMIT 1
      """;

  private static final String SAVE =
      """
      INSERT INTO baseline (target, version, confirmed, catalog, script, unexplained,
                            confirmed_by, confirmed_at)
      VALUES ($1, $2, $3, $4::text::jsonb, $5, $6::text::jsonb,
              CASE WHEN $3 THEN 'expect' END, CASE WHEN $3 THEN now() END) ON CONFLICT DO NOTHING
      """;

  private final Store store;

  /** The baselines in this store. */
  public Baselines(Store store) {
    this.store = store;
  }

  /**
   * The known-good catalog of a version, or the newest one when no version is given; empty when
   * there is none. Fails as the store fails.
   */
  public Future<Optional<KnownGood>> find(String target, Optional<String> version) {
    return store
        .reader()
        .preparedQuery(FIND)
        .execute(Tuple.of(target, version.orElse(null)))
        .map(rows ->
            rows.size() == 0 ? Optional.empty() : Optional.of(read(rows.iterator().next())));
  }

  private static KnownGood read(Row row) {
    return new KnownGood(
        KnownGood.Source.of(row.getString("source")),
        row.getBoolean("confirmed"),
        Optional.of(row.getString("version")).filter(version -> !version.isEmpty()),
        row.getOffsetDateTime("taken_at").toInstant(),
        Json.read(row.getString("catalog"), Catalog.class),
        row.getString("script"),
        Json.read(row.getString("rows"), new TypeReference<Map<String, RowEstimate>>() {}),
        Json.read(row.getString("unexplained"), new TypeReference<Set<String>>() {}),
        Json.read(row.getString("versions"), new TypeReference<List<VersionObjects>>() {}));
  }

  /**
   * What is to be kept as known-good.
   *
   * @param version absent where the target has no history
   * @param confirmed whether anything but the target itself says that it is right
   * @param catalog the objects
   * @param script SQL that makes them
   * @param unexplained titles of objects that the version before had and that are gone without a
   *     reason
   */
  public record NewBaseline(
      Optional<String> version,
      boolean confirmed,
      Catalog catalog,
      String script,
      List<String> unexplained) {}

  /**
   * Keeps a baseline, unless there is one of its version already. Completes with whether it was
   * kept; fails as the store fails. Publishes {@code baseline.taken}, and {@code migration.applied}
   * when the version moved on.
   */
  public Future<Boolean> save(String target, NewBaseline baseline, Optional<String> versionBefore) {
    String version = baseline.version().orElse("");
    Tuple values =
        Tuple.of(
            target,
            version,
            baseline.confirmed(),
            Json.write(baseline.catalog()),
            baseline.script(),
            Json.write(baseline.unexplained()));
    return store.change(tx ->
        tx.preparedQuery(SAVE)
            .execute(values)
            .map(saved -> saved.rowCount() == 1)
            .map(saved ->
                new Change<>(saved, saved ? events(target, baseline, versionBefore) : List.of())));
  }

  private static List<NewEvent> events(
      String target, NewBaseline baseline, Optional<String> versionBefore) {
    JsonObject data =
        new JsonObject()
            .put("target", target)
            .put("version", baseline.version().orElse(null))
            .put("confirmed", baseline.confirmed())
            .put("objects", baseline.catalog().objects().size())
            .put("unexplained", new io.vertx.core.json.JsonArray(baseline.unexplained()));
    NewEvent taken = new NewEvent(EventType.BASELINE_TAKEN, target, target, data);
    boolean moved = versionBefore.isPresent() && !versionBefore.equals(baseline.version());
    return moved
        ? List.of(
            new NewEvent(
                EventType.MIGRATION_APPLIED,
                target,
                target,
                new JsonObject()
                    .put("target", target)
                    .put("from", versionBefore.get())
                    .put("to", baseline.version().orElse(null))),
            taken)
        : List.of(taken);
  }
}
