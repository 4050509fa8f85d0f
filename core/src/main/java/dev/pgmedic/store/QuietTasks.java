package dev.pgmedic.store;

import dev.pgmedic.issue.IssueCode;
import dev.pgmedic.target.Policy;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Approved tasks that wait for the end of quiet hours. Their 15 minutes begin when the quiet hours
 * end.
 */
final class QuietTasks {

  private static final String APPROVED =
      """
      SELECT id, target, now() AS now, quiet_until,
             ARRAY(SELECT DISTINCT h ->> 'code' FROM jsonb_array_elements(plan -> 'heals') h)
               AS codes
      FROM recovery_task
      WHERE state = 'approved' AND expires_at > now() AND target = ANY ($1)
      FOR UPDATE SKIP LOCKED
      """;

  private static final String KEEP =
      """
      UPDATE recovery_task
      SET quiet_until = $2, expires_at = coalesce($2, now()) + $3::int8 * interval '1 second'
      WHERE id = $1
      """;

  private QuietTasks() {}

  /**
   * Keeps what is approved from being started while quiet hours last, and no longer.
   *
   * @param policies what holds for each target
   */
  static Future<Void> keep(SqlConnection tx, Map<String, Policy> policies) {
    String[] targets =
        policies.entrySet().stream()
            .filter(policy -> !policy.getValue().quietHours().isEmpty())
            .map(Map.Entry::getKey)
            .toArray(String[]::new);
    if (targets.length == 0) {
      return Future.succeededFuture();
    }
    return tx.preparedQuery(APPROVED)
        .execute(Tuple.of(targets))
        .compose(rows -> {
          Future<Void> done = Future.succeededFuture();
          for (Row row : rows) {
            Policy policy = policies.getOrDefault(row.getString("target"), Policy.DEFAULT);
            done = done.compose(before -> keep(tx, row, policy));
          }
          return done;
        });
  }

  private static Future<Void> keep(SqlConnection tx, Row row, Policy policy) {
    Instant now = row.getOffsetDateTime("now").toInstant();
    List<IssueCode> codes = Stream.of(row.getArrayOfStrings("codes")).map(IssueCode::of).toList();
    Optional<Instant> until = policy.quietUntil(codes, now);
    Optional<Instant> kept =
        Optional.ofNullable(row.getOffsetDateTime("quiet_until"))
            .map(OffsetDateTime::toInstant)
            .filter(now::isBefore);
    return until.equals(kept)
        ? Future.succeededFuture()
        : tx.preparedQuery(KEEP)
            .execute(
                Tuple.of(
                    row.getUUID("id"),
                    until.map(end -> end.atOffset(ZoneOffset.UTC)).orElse(null),
                    Tasks.APPROVAL_LIFE.toSeconds()))
            .mapEmpty();
  }
}
