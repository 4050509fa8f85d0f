package dev.pgmedic.plan;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Optional;

/**
 * What a step of a plan does, with all that it needs to do it: the SQL that it shows is the SQL
 * that runs.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ReleaseLock.class, name = ReleaseLock.TYPE),
  @JsonSubTypes.Type(value = Quarantine.class, name = Quarantine.TYPE),
  @JsonSubTypes.Type(value = EnsureEnum.class, name = EnsureEnum.TYPE),
  @JsonSubTypes.Type(value = RebuildObjects.class, name = RebuildObjects.TYPE),
  @JsonSubTypes.Type(value = RestartService.class, name = RestartService.TYPE),
  @JsonSubTypes.Type(value = Verify.class, name = Verify.TYPE)
})
public sealed interface Action
    permits ReleaseLock, Quarantine, EnsureEnum, RebuildObjects, RestartService, Verify {

  /** The name of its kind, as the API writes it. */
  String kind();

  /** The SQL that runs, word for word; empty for what runs none of its own. */
  Optional<String> statements();

  /** What it does to the target. */
  Effect effect();

  /** The locks that it takes on the target, strongest first. */
  List<String> locks();

  /** What must be so before it runs; checked again when it does. */
  String precondition();

  /** What is so after it ran; a step for which it is so already does nothing. */
  String postcondition();

  /** SQL that takes it back; empty when there is nothing to take back or no way to. */
  Optional<String> undo();
}
