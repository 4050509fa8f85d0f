package dev.pgmedic.plan;

import dev.pgmedic.plan.action.RunTool;

/** What brings a target to head once the other steps of a plan are done. */
public sealed interface Upgrade {

  /** Nothing has to. */
  record Unwanted() implements Upgrade {}

  /** A step of the plan. */
  record ByTool(RunTool step) implements Upgrade {}

  /**
   * A person.
   *
   * @param why the command cannot be pinned, and what was expected
   */
  record ByPerson(String why) implements Upgrade {}
}
