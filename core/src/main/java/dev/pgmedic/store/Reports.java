package dev.pgmedic.store;

import dev.pgmedic.check.Diagnosis;
import dev.pgmedic.check.HealthReport;
import dev.pgmedic.check.HealthReport.Facts;
import dev.pgmedic.issue.Issue;
import dev.pgmedic.json.Json;
import dev.pgmedic.target.Target;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The last report of each target. */
public final class Reports {

  private static final String SAVE =
      "UPDATE target SET report = $2::text::jsonb, checked_at = $3 WHERE name = $1";

  private static final String TOUCH =
      """
      UPDATE target SET report = report || $2::text::jsonb, checked_at = $3
      WHERE name = $1 AND checked_at < $3
        AND NOT EXISTS (SELECT FROM issue WHERE target = $1 AND resolved_at IS NULL)
      """;

  private static final String ROWS =
      """
      INSERT INTO row_estimate AS r (target, relation, rows, seen_at)
      SELECT $1, e.relation, e.rows, $4
      FROM ROWS FROM (unnest($2::text[]), unnest($3::int8[])) AS e(relation, rows)
      ON CONFLICT (target, relation) DO UPDATE SET rows = excluded.rows, seen_at = excluded.seen_at
      WHERE r.rows <> excluded.rows OR r.seen_at < excluded.seen_at - interval '10 seconds'
      """;

  private static final String READ =
      "SELECT report::text AS report, checked_at, now() AS now FROM target WHERE name = $1";

  private static final String READ_ALL =
      """
      SELECT name, report::text AS report, checked_at, now() AS now FROM target
      WHERE name = ANY ($1::text[])
      """;

  private final Store store;

  /** The reports in this store. */
  public Reports(Store store) {
    this.store = store;
  }

  record Stored(Facts facts, Optional<Instant> checkedAt, Instant now) {
    private static final Stored NOTHING = new Stored(Facts.NONE, Optional.empty(), Instant.EPOCH);

    private static Stored of(Row row) {
      return new Stored(
          Optional.ofNullable(row.getString("report"))
              .map(json -> Json.read(json, Facts.class))
              .orElse(Facts.NONE),
          Optional.ofNullable(row.getOffsetDateTime("checked_at")).map(OffsetDateTime::toInstant),
          row.getOffsetDateTime("now").toInstant());
    }
  }

  /** Makes the store know these targets, so that each has a report before its first check. */
  public Future<Void> register(List<Target> targets) {
    return store
        .reader()
        .preparedQuery("INSERT INTO target (name) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING")
        .execute(Tuple.of(targets.stream().map(Target::name).toArray(String[]::new)))
        .mapEmpty();
  }

  // Whoever changes the issues of a target does so alone.
  static Future<Stored> lock(SqlConnection tx, String target) {
    return tx.preparedQuery("INSERT INTO target (name) VALUES ($1) ON CONFLICT DO NOTHING")
        .execute(Tuple.of(target))
        .compose(known -> tx.preparedQuery(READ + " FOR UPDATE").execute(Tuple.of(target)))
        .map(rows -> Stored.of(rows.iterator().next()));
  }

  // A node that goes on from a look of its own before this one would take the target for as it was.
  static Future<Void> overtake(SqlConnection tx, String target) {
    return tx.preparedQuery(
            "UPDATE target SET known_good_revision = known_good_revision + 1 WHERE name = $1")
        .execute(Tuple.of(target))
        .mapEmpty();
  }

  static Future<Void> save(SqlConnection tx, Target target, Diagnosis diagnosis, Stored before) {
    Facts facts = Facts.of(target, diagnosis, before.facts());
    OffsetDateTime at = diagnosis.checkedAt().atOffset(ZoneOffset.UTC);
    return tx.preparedQuery(SAVE)
        .execute(Tuple.of(target.name(), Json.write(facts), at))
        .compose(saved ->
            diagnosis
                .seen()
                .map(seen -> List.copyOf(seen.rows().entrySet()))
                .filter(rows -> !rows.isEmpty())
                .map(rows ->
                    tx.preparedQuery(ROWS)
                        .execute(
                            Tuple.of(
                                target.name(),
                                rows.stream().map(row -> row.getKey()).toArray(String[]::new),
                                rows.stream()
                                    .map(row -> row.getValue().rows())
                                    .toArray(Long[]::new),
                                at))
                        .<Void>mapEmpty())
                .orElse(Future.succeededFuture()));
  }

  static Future<Boolean> touch(SqlClient client, Target target, Diagnosis diagnosis) {
    String seen = Json.write(Facts.of(target, diagnosis, Facts.NONE).glanced());
    return client
        .preparedQuery(TOUCH)
        .execute(Tuple.of(target.name(), seen, diagnosis.checkedAt().atOffset(ZoneOffset.UTC)))
        .map(rows -> rows.rowCount() == 1);
  }

  /** The report of a target as it is now. Fails as the store fails. */
  public Future<HealthReport> read(String target) {
    return read(store.reader(), target);
  }

  /**
   * The reports of many targets as they are now, in the order of the names, by two queries however
   * many there are. Fails as the store fails.
   */
  public Future<List<HealthReport>> read(Collection<String> targets) {
    String[] names = targets.toArray(String[]::new);
    return store
        .reader()
        .preparedQuery(READ_ALL)
        .execute(Tuple.of(names))
        .compose(rows ->
            Issues.open(store.reader(), names)
                .map(open -> {
                  Map<String, Stored> stored = new HashMap<>();
                  rows.forEach(row -> stored.put(row.getString("name"), Stored.of(row)));
                  Map<String, List<Issue>> issues =
                      open.stream().collect(Collectors.groupingBy(Issue::target));
                  return targets.stream()
                      .map(name ->
                          report(
                              name,
                              stored.getOrDefault(name, Stored.NOTHING),
                              issues.getOrDefault(name, List.of())))
                      .toList();
                }));
  }

  private static HealthReport report(String target, Stored stored, List<Issue> open) {
    return HealthReport.of(target, stored.facts(), open, stored.checkedAt(), stored.now());
  }

  static Future<HealthReport> read(SqlClient client, String target) {
    return client
        .preparedQuery(READ)
        .execute(Tuple.of(target))
        .map(rows -> rows.size() == 0 ? Stored.NOTHING : Stored.of(rows.iterator().next()))
        .compose(stored -> Issues.open(client, target).map(open -> report(target, stored, open)));
  }
}
