package dev.pgmedic.event;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * A committed fact.
 *
 * @param cursor its place in the log
 * @param type what happened
 * @param target the target that it happened to
 * @param subject what it is about: an id, or the target's name
 * @param at when, by the store's clock
 * @param data what a reader needs
 */
public record Event(
    Cursor cursor, EventType type, String target, String subject, Instant at, JsonObject data) {

  /**
   * The event as a CloudEvent, in the form that the bus and the streams carry.
   *
   * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md">CloudEvents
   *     1.0</a>
   */
  public JsonObject toCloudEvent() {
    return new JsonObject()
        .put("specversion", "1.0")
        .put("id", cursor.toString())
        .put("source", "/pgmedic/targets/" + target)
        .put("type", "dev.pgmedic." + type)
        .put("subject", subject)
        .put("time", at.toString())
        .put("datacontenttype", "application/json")
        .put("data", data);
  }
}
