package dev.pgmedic.monitor;

import dev.pgmedic.json.Json;
import dev.pgmedic.store.Actor;
import dev.pgmedic.store.Deed;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * That somebody wants an issue healed.
 *
 * @param by who, where it is known
 * @param deed what the audit keeps when a task comes of it; absent where it is not known who asks
 */
record Request(Optional<String> by, Optional<Deed> deed) {

  /**
   * Reads a message of the bus.
   *
   * @throws IllegalArgumentException when its deed is none
   */
  static Request of(JsonObject asked) {
    Optional<Deed> deed =
        Optional.ofNullable(asked.getJsonObject("deed"))
            .map(told -> Json.read(told.encode(), Deed.class));
    return new Request(
        Optional.ofNullable(asked.getString("by")).or(() -> deed.map(Deed::actor).map(Actor::name)),
        deed);
  }
}
