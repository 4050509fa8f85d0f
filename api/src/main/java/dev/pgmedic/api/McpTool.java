package dev.pgmedic.api;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A tool of the Model Context Protocol: an operation of the API by another name.
 *
 * @param name what an assistant calls it
 * @param title for people
 * @param description for the assistant
 * @param operation the operation that it stands for
 * @param method of the operation
 * @param fields what it takes, in order
 */
record McpTool(
    String name,
    String title,
    String description,
    String operation,
    HttpMethod method,
    List<Field> fields) {

  /**
   * A field of what a tool takes.
   *
   * @param name what an assistant calls it
   * @param parameter the parameter of the operation's path or query that it becomes; empty where it
   *     becomes a field of its body
   * @param required whether it must be there
   * @param schema as JSON Schema has it
   */
  record Field(String name, String parameter, boolean required, JsonObject schema) {}

  /** Whether it changes nothing. */
  boolean reads() {
    return method.equals(HttpMethod.GET);
  }

  /** The tool as {@code tools/list} has it. */
  JsonObject listed() {
    return new JsonObject()
        .put("name", name)
        .put("title", title)
        .put("description", description)
        .put("inputSchema", schema())
        .put(
            "annotations",
            new JsonObject()
                .put("title", title)
                .put("readOnlyHint", reads())
                .put("destructiveHint", false)
                .put("idempotentHint", reads())
                .put("openWorldHint", false));
  }

  /** What it takes, as JSON Schema has it. */
  JsonObject schema() {
    JsonObject properties = new JsonObject();
    fields.forEach(field -> properties.put(field.name(), field.schema()));
    return new JsonObject()
        .put("type", "object")
        .put("properties", properties)
        .put(
            "required",
            new JsonArray(fields.stream().filter(Field::required).map(Field::name).toList()))
        .put("additionalProperties", false);
  }

  /** The request that a call with these arguments is; they fit the schema. */
  InnerRequest.Inner request(JsonObject arguments) {
    JsonObject body = new JsonObject();
    fields.stream()
        .filter(field -> field.parameter().isEmpty() && arguments.containsKey(field.name()))
        .forEach(field -> body.put(field.name(), arguments.getValue(field.name())));
    Map<String, String> parameters =
        fields.stream()
            .filter(field -> !field.parameter().isEmpty() && arguments.containsKey(field.name()))
            .collect(
                Collectors.toMap(
                    Field::parameter, field -> String.valueOf(arguments.getValue(field.name()))));
    return new InnerRequest.Inner(method, parameters, body);
  }
}
