package dev.pgmedic.store;

import dev.pgmedic.issue.Finding;
import dev.pgmedic.json.Json;
import dev.pgmedic.plan.RecoveryPlan;
import dev.pgmedic.task.Lane;
import dev.pgmedic.task.Priority;
import dev.pgmedic.task.Terms;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A task that is about to be.
 *
 * @param plan what would run
 * @param terms what it needs to be approved
 * @param undoOf the task that it takes back; absent when it heals
 */
record Proposal(RecoveryPlan plan, Terms terms, Optional<UUID> undoOf) {

  private static final String INSERT =
      """
      INSERT INTO recovery_task
        (id, target, priority, state, plan, digest, fingerprint, expires_at, undo_of,
         requested_by, approvals_needed, requester_approves, lane)
      VALUES ($1, $2, $3, 'awaiting_approval', $4::text::jsonb, $5, $6,
              now() + $7::int8 * interval '1 second', $8, $9, $10, $11, $12)
      """;

  private static final String LINK =
      """
      INSERT INTO task_issue (task, issue)
      SELECT $1, i.id FROM issue i
      JOIN ROWS FROM (unnest($3::text[]), unnest($4::text[])) AS k(code, subject)
        ON k.code = i.code AND k.subject = i.subject
      WHERE i.target = $2 AND i.resolved_at IS NULL
      """;

  /** Makes a task of it that waits for an approval. Fails as the store fails. */
  Future<Void> insert(SqlConnection tx, UUID id) {
    return tx.preparedQuery(INSERT)
        .execute(
            Tuple.from(
                Arrays.asList(
                    id,
                    plan.target(),
                    Priority.of(plan.heals()).toString(),
                    Json.write(plan),
                    plan.digest(),
                    plan.fingerprint(),
                    Tasks.PROPOSAL_LIFE.toSeconds(),
                    undoOf.orElse(null),
                    terms.requestedBy().toArray(String[]::new),
                    terms.approvals(),
                    terms.requesterApproves(),
                    Lane.of(plan).toString())))
        .compose(inserted -> link(tx, id));
  }

  private Future<Void> link(SqlConnection tx, UUID id) {
    List<Finding.Key> heals = plan.heals();
    return tx.preparedQuery(LINK)
        .execute(
            Tuple.of(
                id,
                plan.target(),
                heals.stream().map(key -> key.code().toString()).toArray(String[]::new),
                heals.stream().map(Finding.Key::subject).toArray(String[]::new)))
        .mapEmpty();
  }
}
