package dev.pgmedic.plan.action;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.pgmedic.target.Deadlines;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a step of a plan does, with all that it needs to do it: the SQL that it shows is the SQL
 * that runs.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = EndSession.class, name = EndSession.TYPE),
  @JsonSubTypes.Type(value = ReleaseLock.class, name = ReleaseLock.TYPE),
  @JsonSubTypes.Type(value = ClearLockRow.class, name = ClearLockRow.TYPE),
  @JsonSubTypes.Type(value = Quarantine.class, name = Quarantine.TYPE),
  @JsonSubTypes.Type(value = EnsureEnum.class, name = EnsureEnum.TYPE),
  @JsonSubTypes.Type(value = RebuildObjects.class, name = RebuildObjects.TYPE),
  @JsonSubTypes.Type(value = RestoreRows.class, name = RestoreRows.TYPE),
  @JsonSubTypes.Type(value = RebuildIndex.class, name = RebuildIndex.TYPE),
  @JsonSubTypes.Type(value = ValidateConstraint.class, name = ValidateConstraint.TYPE),
  @JsonSubTypes.Type(value = RepairHistory.class, name = RepairHistory.TYPE),
  @JsonSubTypes.Type(value = RunTool.class, name = RunTool.TYPE),
  @JsonSubTypes.Type(value = TakeBack.class, name = TakeBack.TYPE),
  @JsonSubTypes.Type(value = RestartService.class, name = RestartService.TYPE),
  @JsonSubTypes.Type(value = Verify.class, name = Verify.TYPE)
})
public sealed interface Action
    permits Action.EndsSession,
        Action.Transaction,
        EnsureEnum,
        RebuildIndex,
        RestartService,
        RunTool,
        Verify {

  /** Its type, which also says when it runs. */
  StepType type();

  /** What it does, for people. */
  String title();

  /** The SQL that runs, word for word; empty for what runs none of its own. */
  default Optional<String> statements() {
    return Optional.empty();
  }

  /** The command that runs, without a shell; empty for what runs none. */
  default List<String> words() {
    return List.of();
  }

  /** What of it the digest cannot cover, for people. */
  default List<String> notPinned() {
    return List.of();
  }

  /** What it does to the target. */
  Effect effect();

  /** The locks that it takes on the target, strongest first. */
  default List<String> locks() {
    return List.of();
  }

  /** What must be so before it runs; checked again when it does. */
  String precondition();

  /** What is so after it ran; a step for which it is so already does nothing. */
  String postcondition();

  /**
   * Both conditions as one query that a person can run too. It answers with one row of one column:
   * {@code ready} when the step may run, {@code done} when what it does is so already, else {@code
   * neither}. Empty for what has no SQL.
   */
  default Optional<String> condition() {
    return Optional.empty();
  }

  /** SQL that takes it back; empty when there is nothing to take back or no way to. */
  default Optional<String> undo() {
    return Optional.empty();
  }

  /** The longest that it may take. */
  default Duration timeout(Deadlines deadlines) {
    return deadlines.statement();
  }

  /** The objects that it makes, changes or moves, by name. */
  default List<String> touches() {
    return List.of();
  }

  /** The tables, or indexes of tables, of which it reads every row, by name. */
  default List<String> reads() {
    return List.of();
  }

  /**
   * SQL that runs on a session of its own and ends another one. Its one statement looks at its
   * condition again in the moment of the act.
   */
  sealed interface EndsSession extends Action permits EndSession, ReleaseLock {
    @Override
    default Effect effect() {
      return Effect.ENDS_SESSION;
    }
  }

  /**
   * SQL in one transaction of the session that holds the migration lock: {@link #preparation()},
   * then {@link #condition()} is asked, then {@link #body()} runs if it is ready, and is done
   * behind it.
   */
  sealed interface Transaction extends Action
      permits ClearLockRow,
          Quarantine,
          RebuildObjects,
          RepairHistory,
          RestoreRows,
          TakeBack,
          ValidateConstraint {

    /**
     * What holds for the transaction, and its locks: whose rights count, how long a lock is waited
     * for, and what nobody else may change meanwhile.
     */
    List<String> preparation();

    /** What it does. */
    List<String> body();

    /**
     * What {@link #condition()} asks, as whoever takes the step back must ask it: {@code done}
     * while everything is as the step left it, {@code ready} once it is as it was before. Another
     * question where nothing can become the very same again, such as the version of a row.
     */
    default Optional<String> leftCondition() {
      return condition();
    }

    @Override
    default Optional<String> statements() {
      return Optional.of(
          String.join(";\n", preparation()) + ";\n\n" + String.join(";\n\n", body()) + ";");
    }
  }
}
