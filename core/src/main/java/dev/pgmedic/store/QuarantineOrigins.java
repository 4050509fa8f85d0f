package dev.pgmedic.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Which recoveries moved something to which schema of the quarantine. */
public final class QuarantineOrigins {

  private static final String SELECT =
      """
      SELECT DISTINCT ON (1) step->'action'->>'schema' AS schema, t.id, s.finished_at
      FROM recovery_task t CROSS JOIN LATERAL jsonb_array_elements(t.plan->'steps') AS step
      JOIN step_run s ON s.task = t.id AND s.index = (step->>'index')::int
      WHERE t.target = $1 AND s.state = 'succeeded' AND step->'action'->>'schema' ~ '^pgmedic_q_'
      ORDER BY 1, s.finished_at DESC
      """;

  private final Store store;

  /** The origins that this store knows. */
  public QuarantineOrigins(Store store) {
    this.store = store;
  }

  /**
   * Where a schema of the quarantine comes from.
   *
   * @param task the recovery task that moved something there last
   * @param at when
   */
  public record Origin(UUID task, Instant at) {}

  /** The origins of a target's schemas, by their names. Fails as the store fails. */
  public Future<Map<String, Origin>> of(String target) {
    return store
        .reader()
        .preparedQuery(SELECT)
        .execute(Tuple.of(target))
        .map(rows -> {
          Map<String, Origin> origins = new HashMap<>();
          rows.forEach(row ->
              origins.put(
                  row.getString("schema"),
                  new Origin(row.getUUID("id"), row.getOffsetDateTime("finished_at").toInstant())));
          return origins;
        });
  }
}
