package dev.pgmedic.api;

import dev.pgmedic.api.Need.Level;
import dev.pgmedic.api.Need.Reach;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** An operation and what it needs, as the contract has it. */
record Needed(String id, String method, String path, Need need) {

  /** All of the contract. */
  static List<Needed> operations() {
    List<Needed> operations = new ArrayList<>();
    JsonObject paths = Contract.forRouter().getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      for (String method : List.of("get", "post", "put", "patch", "delete")) {
        JsonObject operation = paths.getJsonObject(path).getJsonObject(method);
        if (operation != null) {
          operations.add(of(method.toUpperCase(Locale.ROOT), path, operation));
        }
      }
    }
    return operations;
  }

  private static Needed of(String method, String path, JsonObject operation) {
    return new Needed(
        operation.getString("operationId"),
        method,
        path,
        new Need(
            Level.valueOf(operation.getString("x-pgmedic-role").toUpperCase(Locale.ROOT)),
            Reach.valueOf(operation.getString("x-pgmedic-targets").toUpperCase(Locale.ROOT))));
  }

  /** Asks for something that is nowhere. */
  Call call() {
    return call(Map.of("name", "nowhere"));
  }

  /** Asks with these parameters of the path; an id that is not given is nobody's. */
  Call call(Map<String, String> parameters) {
    String filled = path;
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      filled = filled.replace("{" + parameter.getKey() + "}", parameter.getValue());
    }
    filled = filled.replace("{id}", UUID.randomUUID().toString()).replace("{version}", "1");
    return new Call(method, filled, Map.of("Accept", "application/json"), "");
  }

  boolean isAbout(String kind) {
    return path.startsWith("/api/" + kind + "/{id}");
  }
}
