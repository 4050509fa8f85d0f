package dev.pgmedic.event;

import io.vertx.core.json.JsonObject;

/**
 * A fact that is about to be committed, and has no number yet.
 *
 * @param type what happened
 * @param target the target that it happened to
 * @param subject what it is about: an id, or the target's name
 * @param data all that a reader needs who has not seen anything before
 */
public record NewEvent(EventType type, String target, String subject, JsonObject data) {}
