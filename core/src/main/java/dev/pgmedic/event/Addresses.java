package dev.pgmedic.event;

/** The addresses of the event bus that users rely on. */
public final class Addresses {

  /** Every committed event, as a CloudEvent in a JsonObject. */
  public static final String EVENTS = "pgmedic.events";

  /** Answers a request {@code {"target": name}} with the health report. */
  public static final String HEALTH = "pgmedic.health";

  /** Checks a target at once; a request {@code {"target": name}} is answered with the report. */
  public static final String CHECK = "pgmedic.check";

  /**
   * Proposes a recovery of an issue because a person asks, also one that was refused before; a
   * request {@code {"target": name, "by": name, "code": code, "subject": subject}} is answered with
   * why it was not done, empty when it was. With {@code "deed"}, a {@link dev.pgmedic.store.Deed}
   * as JSON, that is kept in the audit with the task that comes of it.
   */
  public static final String PROPOSE = "pgmedic.propose";

  /** The target of an event on the bus. */
  public static final String HEADER_TARGET = "target";

  /** The event's type without its prefix. */
  public static final String HEADER_TYPE = "type";

  /** The event's place in the log. */
  public static final String HEADER_CURSOR = "cursor";

  private Addresses() {}

  /** Where the committed events of one type are published. */
  public static String events(EventType type) {
    return EVENTS + "." + type;
  }
}
