package dev.pgmedic.store;

import dev.pgmedic.event.EventType;
import dev.pgmedic.event.NewEvent;
import dev.pgmedic.plan.Step;
import dev.pgmedic.store.Store.Change;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/**
 * The journal of steps that ran and are taken back because a later one failed. Written before and
 * after, as that of every step is, so that whoever takes a task over knows that it goes back.
 */
public final class UndoneSteps {

  private static final String UNDOING =
      "UPDATE step_run SET state = 'undoing' WHERE task = $1 AND index = $2";

  private static final String ENDED =
      """
      UPDATE step_run SET state = $3, output = left(concat_ws('; ', output, $4::text), $5)
      WHERE task = $1 AND index = $2
      """;

  private final Claims claims;

  /** Those in this store. */
  public UndoneSteps(Store store) {
    this.claims = new Claims(store);
  }

  /**
   * Journals that a step is about to be taken back. Fails with {@link ClaimLost} when another
   * worker has the task.
   */
  public Future<Void> began(Claim claim, Step step) {
    return claims.whileOurs(
        claim,
        tx ->
            tx.preparedQuery(UNDOING)
                .execute(Tuple.of(claim.task().id(), step.index()))
                .map(kept -> Change.telling(List.of())));
  }

  /**
   * Journals whether a step was taken back; one that was not stays {@code succeeded}. Fails with
   * {@link ClaimLost} when another worker has the task.
   *
   * @param said what came of it; kept behind what the step said, to 8,000 characters
   */
  public Future<Void> ended(Claim claim, Step step, boolean undone, String said) {
    List<NewEvent> told =
        undone ? List.of(Claims.event(EventType.STEP_UNDONE, claim, step, said)) : List.of();
    return claims.whileOurs(
        claim,
        tx ->
            tx.preparedQuery(ENDED)
                .execute(
                    Tuple.of(
                        claim.task().id(),
                        step.index(),
                        undone ? "undone" : "succeeded",
                        said,
                        Claims.OUTPUT_LIMIT))
                .map(kept -> Change.telling(told)));
  }
}
