package dev.pgmedic.event;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.NoSuchElementException;

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

  private static final String TYPE_PREFIX = "dev.pgmedic.";
  private static final String SOURCE_PREFIX = "/pgmedic/targets/";

  /**
   * Reads a CloudEvent as {@link #toCloudEvent} makes it.
   *
   * @throws IllegalArgumentException when it is none of ours
   */
  public static Event of(JsonObject cloudEvent) {
    try {
      return new Event(
          Cursor.parse(cloudEvent.getString("id")).orElseThrow(),
          EventType.of(behind(TYPE_PREFIX, cloudEvent.getString("type"))),
          behind(SOURCE_PREFIX, cloudEvent.getString("source")),
          cloudEvent.getString("subject"),
          cloudEvent.getInstant("time"),
          cloudEvent.getJsonObject("data"));
    } catch (NullPointerException | ClassCastException | NoSuchElementException e) {
      throw new IllegalArgumentException("not an event of pgmedic: " + cloudEvent.encode(), e);
    }
  }

  private static String behind(String prefix, String text) {
    if (!text.startsWith(prefix)) {
      throw new IllegalArgumentException("expected " + prefix + "…, found \"" + text + "\"");
    }
    return text.substring(prefix.length());
  }

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
        .put("source", SOURCE_PREFIX + target)
        .put("type", TYPE_PREFIX + type)
        .put("subject", subject)
        .put("time", at.toString())
        .put("datacontenttype", "application/json")
        .put("data", data);
  }
}
