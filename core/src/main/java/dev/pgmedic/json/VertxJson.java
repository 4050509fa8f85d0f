package dev.pgmedic.json;

import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdDelegatingSerializer;
import com.fasterxml.jackson.databind.util.StdConverter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** Writes what Vert.x has as JSON for what it holds, and not for the class that holds it. */
final class VertxJson {

  private VertxJson() {}

  static SimpleModule module() {
    return new SimpleModule("vertx-json")
        .addSerializer(new StdDelegatingSerializer(JsonObject.class, new Fields()))
        .addSerializer(new StdDelegatingSerializer(JsonArray.class, new Items()));
  }

  private static final class Fields extends StdConverter<JsonObject, Map<String, Object>> {
    @Override
    public Map<String, Object> convert(JsonObject json) {
      return json.getMap();
    }
  }

  private static final class Items extends StdConverter<JsonArray, List<?>> {
    @Override
    public List<?> convert(JsonArray json) {
      return json.getList();
    }
  }
}
