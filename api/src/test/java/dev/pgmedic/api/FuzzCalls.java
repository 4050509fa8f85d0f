package dev.pgmedic.api;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Requests that are made from the contract, and calls of its tools, and then spoiled. What a
 * decision needs is never in one as a whole: no approval accepts the loss in a form that counts,
 * and the others name another tag, or as tools another digest.
 */
final class FuzzCalls {

  private static final List<String> SEGMENTS =
      List.of(
          "%2F",
          "..%2F..",
          "%2e%2e",
          "%00",
          "%zz",
          "%",
          "a%20b",
          "%F0%9F%98%80",
          "%C0%AF",
          "-1",
          "null",
          "1-1-1-1-1",
          "%22%27%3B--",
          "00000000-0000-0000-0000-000000000000",
          "LONG",
          "%7B%7D",
          "1.5",
          ";a=b",
          "%0d%0aX:%20y",
          "~",
          "*");

  private static final List<String> VALUES =
      List.of(
          "",
          "%00",
          "%zz",
          "-1",
          "0",
          "99999999999999999999",
          "1e9",
          "NaN",
          "null",
          "true",
          "%5B%5D",
          "a,b,,c",
          "%F0%9F%98%80",
          "LONG",
          "beginning",
          "00000000-1",
          "1ms",
          "-5s",
          "5m",
          "'%3B--",
          "open",
          "%25zz",
          "00000000-0000-0000-0000-000000000000");

  private static final List<String> HEADERS =
      List.of(
          "",
          "x",
          "\"",
          "W/",
          "*",
          ",,,",
          "\"a\", \"b\"",
          "%zz",
          "%00",
          "=;=;",
          "text/plain",
          "application/json; charset=nonsense",
          "multipart/form-data",
          "LONG",
          "{}",
          "1.5");

  private static final List<String> NAMES =
      List.of(
          "Content-Type",
          "Accept-Charset",
          "Cookie",
          "If-None-Match",
          "Idempotency-Key",
          "Range",
          "X-Request-Id",
          "Last-Event-ID",
          "Expect-CT",
          "Content-Encoding",
          "X-HTTP-Method-Override");

  private static final List<Object> JUNK =
      List.of(
          5,
          -1,
          1e300,
          true,
          "",
          "x",
          "\u0000",
          "\ud800",
          "\ud83d\ude00",
          "x".repeat(2001),
          "x".repeat(70_000),
          new JsonObject(),
          new JsonArray(),
          new JsonArray().add(true),
          new JsonObject().put("a", 1),
          "sha256:0",
          "2026-13-45T99:99:99Z",
          "http://",
          "true");

  private static final List<String> BODIES =
      List.of(
          "",
          "null",
          "[]",
          "{",
          "}",
          "{\"a\"",
          "\ufeff{}",
          "NaN",
          "5",
          "\"x\"",
          "{}{}",
          "{'a': 1}",
          "{\"a\": 1,}",
          "[".repeat(5000),
          "{\"a\":".repeat(2000),
          "{\"a\": 1e999999}",
          "\u0000",
          "<a/>",
          "a=b&c=d");

  private static final List<McpTool> TOOLS =
      Stream.concat(McpTools.READING.stream(), McpTools.DECIDING.stream())
          .filter(tool -> !tool.operation().equals("getTargetLocks")) // each takes two looks
          .toList();

  private static final List<String> METHODS =
      List.of("initialize", "ping", "tools/list", "resources/list", "", "tools/call\u0000");

  private final Random random;
  private final Map<String, String> known;
  private final List<Operation> operations = new ArrayList<>();

  private record Operation(String method, String path, JsonObject model) {}

  /**
   * Requests of a seed.
   *
   * @param known what fits into the placeholders of a path
   */
  FuzzCalls(long seed, Map<String, String> known) {
    this.random = new Random(seed);
    this.known = known;
    JsonObject paths = ContractSchemas.DOCUMENT.getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      JsonObject item = paths.getJsonObject(path);
      for (String method : List.of("get", "post", "delete")) {
        if (item.containsKey(method) && !path.endsWith("/locks")) { // each takes two looks
          operations.add(new Operation(method, path, item.getJsonObject(method)));
        }
      }
    }
  }

  /** The next one. */
  Call next() {
    Operation operation = one(operations);
    Map<String, String> headers = new HashMap<>();
    headers.put("Accept", "application/json"); // a stream would not end
    headers.put("Content-Type", "application/json");
    if (!operation.path().endsWith("/approve")) {
      headers.put("If-Match", "\"another\"");
    }
    if (random.nextInt(3) == 0) {
      headers.put(one(NAMES), filled(one(HEADERS)));
    }
    String method = random.nextInt(20) == 0 ? one(List.of("PUT", "PATCH")) : operation.method();
    return new Call(
            method.toUpperCase(Locale.ROOT),
            path(operation) + query(operation),
            headers,
            operation.method().equals("post") ? body(operation) : "")
        .as(Service.ADMIN);
  }

  private JsonObject whole(Operation operation) {
    if (operation.path().equals("/mcp")) {
      return message();
    }
    JsonObject body = new JsonObject();
    fields(operation)
        .forEach(field -> body.put(field, field.equals("plan_digest") ? known.get("digest") : "x"));
    body.remove("accept_data_loss");
    return body;
  }

  // A call of a tool, whose arguments may be spoiled too.
  private JsonObject message() {
    McpTool tool = one(TOOLS);
    JsonObject arguments = new JsonObject();
    for (McpTool.Field field : tool.fields()) {
      String kind = field.name().startsWith("issue") ? "issues{id}" : "recovery-tasks{id}";
      arguments.put(field.name(), field.parameter().equals("id") ? known.get(kind) : "sha256:0");
    }
    arguments.remove("accept_data_loss");
    if (random.nextBoolean() && !tool.fields().isEmpty()) {
      arguments.put(one(tool.fields()).name(), one(JUNK));
    }
    if (Boolean.TRUE.equals(arguments.getValue("accept_data_loss"))) {
      arguments.remove("accept_data_loss");
    }
    return new JsonObject()
        .put("jsonrpc", "2.0")
        .put("id", random.nextInt(100))
        .put("method", random.nextInt(5) == 0 ? one(METHODS) : "tools/call")
        .put("params", new JsonObject().put("name", tool.name()).put("arguments", arguments));
  }

  private String path(Operation operation) {
    return List.of(operation.path().split("/", -1)).stream()
        .map(segment -> segment.startsWith("{") ? segment(operation, segment) : segment)
        .collect(Collectors.joining("/"));
  }

  private String segment(Operation operation, String placeholder) {
    String kind = operation.path().split("/", -1)[2] + placeholder;
    return random.nextInt(3) == 0 || !known.containsKey(kind)
        ? filled(one(SEGMENTS))
        : known.get(kind);
  }

  private String query(Operation operation) {
    List<String> pairs = new ArrayList<>();
    operation.model().getJsonArray("parameters", new JsonArray()).stream()
        .map(JsonObject.class::cast)
        .filter(parameter -> parameter.getString("in").equals("query"))
        .filter(parameter -> random.nextBoolean())
        .forEach(parameter -> pairs.add(parameter.getString("name") + "=" + filled(one(VALUES))));
    if (random.nextInt(5) == 0) {
      pairs.add(filled(one(VALUES)) + "=" + filled(one(VALUES)));
    }
    return pairs.isEmpty() ? "" : "?" + String.join("&", pairs);
  }

  private String body(Operation operation) {
    if (random.nextInt(4) == 0) {
      return one(BODIES);
    }
    JsonObject body = whole(operation);
    if (operation.path().equals("/mcp") && random.nextBoolean()) {
      return body.encode();
    }
    List<String> fields = new ArrayList<>(body.fieldNames());
    fields.addAll(fields(operation));
    fields.add("no_such_field");
    String spoiled = one(fields);
    switch (random.nextInt(4)) {
      case 0 -> body.remove(spoiled);
      case 1 -> body.putNull(spoiled);
      default -> body.put(spoiled, one(JUNK));
    }
    if (Boolean.TRUE.equals(body.getValue("accept_data_loss"))) {
      body.put("accept_data_loss", "true");
    }
    String whole = body.encode();
    return switch (random.nextInt(6)) {
      case 0 -> whole.substring(0, random.nextInt(whole.length()));
      case 1 -> twice(whole, spoiled);
      case 2 -> whole + one(BODIES);
      default -> whole;
    };
  }

  private static String twice(String body, String field) {
    return "{" + Json.encode(field) + ": 1, " + Json.encode(field) + ": 2, " + body.substring(1);
  }

  private static List<String> fields(Operation operation) {
    JsonObject body = operation.model().getJsonObject("requestBody");
    return body == null
        ? List.of()
        : List.copyOf(
            body.getJsonObject("content")
                .getJsonObject("application/json")
                .getJsonObject("schema")
                .getJsonObject("properties", new JsonObject())
                .fieldNames());
  }

  private static String filled(String text) {
    return text.replace("LONG", "x".repeat(3000));
  }

  private <T> T one(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
