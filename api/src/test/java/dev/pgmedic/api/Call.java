package dev.pgmedic.api;

import dev.pgmedic.config.Config.Token;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A request: what it asks for, with which headers and body. */
record Call(String method, String path, Map<String, String> headers, String body) {

  static Call get(String path) {
    return new Call("GET", path, Map.of(), "");
  }

  static Call post(String path, JsonObject body) {
    return post(path, body.encode());
  }

  static Call post(String path, String body) {
    return new Call("POST", path, Map.of("Content-Type", "application/json"), body);
  }

  static Call delete(String path) {
    return new Call("DELETE", path, Map.of(), "");
  }

  Call with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Call(method, path, more, body);
  }

  /** With a body, where there is something to say. */
  Call saying(Optional<JsonObject> what) {
    return what.map(json ->
            new Call(method, path, headers, json.encode()).with("Content-Type", "application/json"))
        .orElse(this);
  }

  Call as(Token token) {
    return with("Authorization", "Bearer " + token.secret());
  }
}
