package dev.pgmedic.store;

import dev.pgmedic.store.Store.Change;
import dev.pgmedic.target.Policy;
import dev.pgmedic.task.RecoveryTask;
import dev.pgmedic.task.TaskState.AwaitingApproval;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.UUID;

/** Approves what may run without a person, because the owner of the target listed it. */
public final class PolicyApprovals {

  private final Store store;

  /** The approvals in this store. */
  public PolicyApprovals(Store store) {
    this.store = store;
  }

  /**
   * Approves a task if the policy lets it run alone and start now. What ended badly before is left
   * to a person, also when it was asked for again.
   *
   * <p>Completes with whether it was approved; fails as the store fails.
   */
  public Future<Boolean> approve(UUID id, Policy policy) {
    return store.change(tx ->
        TaskRows.find(tx, id, "FOR UPDATE OF t")
            .compose(found ->
                found
                    .map(task ->
                        mayStart(tx, task, policy)
                            .compose(may -> may ? approved(tx, task, policy) : unchanged()))
                    .orElseGet(PolicyApprovals::unchanged)));
  }

  private static Future<Boolean> no() {
    return Future.succeededFuture(false);
  }

  private static Future<Change<Boolean>> unchanged() {
    return Future.succeededFuture(new Change<>(false, List.of()));
  }

  private static Future<Boolean> mayStart(SqlConnection tx, RecoveryTask task, Policy policy) {
    if (!(task.state() instanceof AwaitingApproval) || !task.plan().runsAlone(policy)) {
      return no();
    }
    return tx.query("SELECT now() AS now")
        .execute()
        .map(rows -> rows.iterator().next().getOffsetDateTime("now").toInstant())
        .compose(now ->
            policy.quietUntil(task.plan().codes(), now).isPresent()
                    || !now.isBefore(task.expiresAt())
                ? no()
                : Tasks.endedBadly(tx, task.target(), task.plan().fingerprint()).map(bad -> !bad));
  }

  private static Future<Change<Boolean>> approved(
      SqlConnection tx, RecoveryTask task, Policy policy) {
    Decision yes = Decision.byPolicy(task.plan().digest());
    Deed deed =
        new Deed(
            Actor.POLICY,
            Deed.Action.APPROVE,
            task.target(),
            task.id().toString(),
            yes.planDigest(),
            yes.comment());
    return Tasks.approve(tx, task, yes, policy)
        .compose(change -> Audit.append(tx, deed).map(kept -> new Change<>(true, change.events())));
  }
}
