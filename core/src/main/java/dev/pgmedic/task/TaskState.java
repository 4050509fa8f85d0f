package dev.pgmedic.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Where a recovery task is. A transition is a method on the only states that allow it: running
 * cannot be reached but from approved, and an ended task has no way on.
 */
public sealed interface TaskState {

  /** The name as the API and the store write it. */
  @JsonValue
  String label();

  /** Whether the task may still change. */
  default boolean open() {
    return false;
  }

  /**
   * Reads the name.
   *
   * @throws IllegalArgumentException when no state is called that
   */
  @JsonCreator
  static TaskState of(String label) {
    return switch (label) {
      case "awaiting_approval" -> new AwaitingApproval();
      case "approved" -> new Approved();
      case "running" -> new Running();
      case "succeeded" -> new Succeeded();
      case "failed" -> new Failed();
      case "rejected" -> new Rejected();
      case "expired" -> new Expired();
      case "superseded" -> new Superseded();
      case "cancelled" -> new Cancelled();
      default -> throw new IllegalArgumentException("no task state \"" + label + "\"");
    };
  }

  /** What may still end before anything has happened to the target. */
  sealed interface NotStarted extends TaskState {

    /** Time ran out. */
    default Expired expire() {
      return new Expired();
    }

    /** The plan no longer fits what is there, or another plan covers it. */
    default Superseded supersede() {
      return new Superseded();
    }

    /** Somebody called it off. */
    default Cancelled cancel() {
      return new Cancelled();
    }

    @Override
    default boolean open() {
      return true;
    }
  }

  /** Waits for somebody who approves exactly this plan. */
  record AwaitingApproval() implements NotStarted {
    /** Enough approvals are there. */
    public Approved approve() {
      return new Approved();
    }

    /** Somebody said no. */
    public Rejected reject() {
      return new Rejected();
    }

    @Override
    public String label() {
      return "awaiting_approval";
    }
  }

  /** Waits for a worker. */
  record Approved() implements NotStarted {
    /** A worker claimed it. */
    public Running start() {
      return new Running();
    }

    @Override
    public String label() {
      return "approved";
    }
  }

  /** A worker executes it. */
  record Running() implements TaskState {
    /** A fresh check found the plan's issues gone. */
    public Succeeded succeed() {
      return new Succeeded();
    }

    /** A step failed, or the check still finds the fault. */
    public Failed fail() {
      return new Failed();
    }

    /** Called off between two steps. */
    public Cancelled cancel() {
      return new Cancelled();
    }

    /** The state of the target was another one, before anything was done. */
    public Superseded supersede() {
      return new Superseded();
    }

    @Override
    public String label() {
      return "running";
    }

    @Override
    public boolean open() {
      return true;
    }
  }

  /** Verified. */
  record Succeeded() implements TaskState {
    @Override
    public String label() {
      return "succeeded";
    }
  }

  /** Ended honestly without healing. */
  record Failed() implements TaskState {
    @Override
    public String label() {
      return "failed";
    }
  }

  /** Somebody said no. */
  record Rejected() implements TaskState {
    @Override
    public String label() {
      return "rejected";
    }
  }

  /** Nobody approved or started it in time. */
  record Expired() implements TaskState {
    @Override
    public String label() {
      return "expired";
    }
  }

  /** Another plan took its place, or its reason is gone. */
  record Superseded() implements TaskState {
    @Override
    public String label() {
      return "superseded";
    }
  }

  /** Called off. */
  record Cancelled() implements TaskState {
    @Override
    public String label() {
      return "cancelled";
    }
  }
}
