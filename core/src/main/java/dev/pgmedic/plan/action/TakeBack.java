package dev.pgmedic.plan.action;

import dev.pgmedic.postgres.SqlScript;
import java.util.List;
import java.util.Optional;

/**
 * Takes back what a step of an earlier plan did. It runs as that step ran, and looks at the same
 * facts the other way round: what was done before it is what is to be so before this.
 *
 * @param done what the step did, for people
 * @param preparation what holds for the transaction, as it did for the step's
 * @param body what takes it back
 * @param standing the step's own condition, as {@link Action.Transaction#leftCondition()} asks it
 * @param again what does it once more
 * @param locks the locks that it takes
 * @param touches what it changes, by name
 */
public record TakeBack(
    String done,
    List<String> preparation,
    List<String> body,
    String standing,
    List<String> again,
    List<String> locks,
    List<String> touches)
    implements Action.Transaction {

  static final String TYPE = "undo";

  /** Copies the lists. */
  public TakeBack {
    preparation = List.copyOf(preparation);
    body = List.copyOf(body);
    again = List.copyOf(again);
    locks = List.copyOf(locks);
    touches = List.copyOf(touches);
  }

  /** Takes a step back; empty when there is no way to. */
  public static Optional<TakeBack> of(Action done) {
    return done instanceof Action.Transaction step
        ? step.undo()
            .flatMap(undo ->
                step.leftCondition()
                    .map(standing ->
                        new TakeBack(
                            step.title(),
                            step.preparation(),
                            SqlScript.all(undo),
                            standing,
                            step.body(),
                            step.locks(),
                            step.touches())))
        : Optional.empty();
  }

  @Override
  public StepType type() {
    return StepType.UNDO;
  }

  @Override
  public String title() {
    return "Take back: " + done;
  }

  @Override
  public Optional<String> condition() {
    return Optional.of(
        """
        SELECT CASE standing WHEN 'done' THEN 'ready' WHEN 'ready' THEN 'done'
          ELSE 'neither' END AS standing
        FROM (
        %s
        ) AS step\
        """
            .formatted(standing));
  }

  @Override
  public Effect effect() {
    return Effect.METADATA;
  }

  @Override
  public String precondition() {
    return "everything is still as this step left it: " + done;
  }

  @Override
  public String postcondition() {
    return "taken back: " + done;
  }

  @Override
  public Optional<String> undo() {
    return Optional.of(String.join(";\n", again) + ";");
  }
}
