package dev.pgmedic.plan.remedy;

/** Whether a treatment has the migration tool run behind its steps. */
public enum ToolRun {
  /** It has not. */
  NONE,
  /** Where the configuration names a command; else a person does it. */
  WELCOME,
  /** It heals by nothing else. */
  NEEDED
}
