package dev.pgmedic.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Holds every answer that a test gets against the contract, and knows what was answered well. */
final class ContractWatch {

  /** What any operation may answer with, as the contract says in one place. */
  private static final Set<Integer> OF_ANY = Set.of(400, 401, 403, 413, 429, 503);

  private static final JsonObject PATHS = ContractSchemas.DOCUMENT.getJsonObject("paths");
  private static final JsonObject PROBLEM =
      ContractSchemas.DOCUMENT
          .getJsonObject("components")
          .getJsonObject("responses")
          .getJsonObject("Problem");

  private final Set<String> succeeded = new ConcurrentSkipListSet<>();

  /** All operations of the contract. */
  static Set<String> operations() {
    Set<String> operations = new TreeSet<>();
    for (String path : PATHS.fieldNames()) {
      JsonObject item = PATHS.getJsonObject(path);
      item.fieldNames().stream()
          .map(item::getValue)
          .filter(JsonObject.class::isInstance)
          .forEach(operation -> operations.add(((JsonObject) operation).getString("operationId")));
    }
    return operations;
  }

  /** The operations that change something, and the actions by which the audit tells of each. */
  static Map<String, Set<String>> audited() {
    Map<String, Set<String>> audited = new TreeMap<>();
    for (String path : PATHS.fieldNames()) {
      JsonObject item = PATHS.getJsonObject(path);
      item.stream()
          .filter(entry -> Set.of("post", "put", "patch", "delete").contains(entry.getKey()))
          .map(entry -> (JsonObject) entry.getValue())
          .forEach(operation -> audited.put(operation.getString("operationId"), audit(operation)));
    }
    return audited;
  }

  // One that says nothing is none that leaves nothing.
  private static Set<String> audit(JsonObject operation) {
    String action = String.valueOf(operation.getString("x-pgmedic-audit"));
    return action.equals("none") ? Set.of() : Set.of(action);
  }

  /** What a request asks for, by the name that the contract has for it. */
  static String operation(Call call) {
    return path(call.path())
        .map(item -> item.getJsonObject(call.method().toLowerCase(Locale.ROOT)))
        .map(operation -> operation.getString("operationId"))
        .orElseThrow();
  }

  /** The operations that were answered with success. */
  Set<String> succeeded() {
    return Set.copyOf(succeeded);
  }

  /** Fails for an answer that the contract does not have. */
  Reply see(Call call, Reply reply) {
    assertThat(reply.headers()).as(call.path()).containsKey("X-Request-Id");
    if (Console.FILES.stream().anyMatch(file -> call.path().equals("/console/" + file))
        || call.path().equals("/")) {
      return reply; // a page is no operation of the API
    }
    Optional<JsonObject> path = path(call.path());
    Optional<JsonObject> operation =
        path.map(item -> item.getJsonObject(call.method().toLowerCase(Locale.ROOT)));
    if (operation.isEmpty()) {
      // Nothing is there, or it is another spelling of a path.
      assertThat(reply.status()).as(call.method() + " " + call.path()).isBetween(400, 499);
      described(call.path(), PROBLEM, reply);
      return reply;
    }
    String id = operation.get().getString("operationId");
    described(id, response(id, operation.get().getJsonObject("responses"), reply), reply);
    if (reply.status() < 300) {
      succeeded.add(id);
    }
    return reply;
  }

  private static JsonObject response(String operation, JsonObject responses, Reply reply) {
    JsonObject own = responses.getJsonObject(Integer.toString(reply.status()));
    if (own != null) {
      return own;
    }
    assertThat(reply.status())
        .as("%s answers with what the contract does not have: %s", operation, reply.body())
        .isIn(OF_ANY);
    return responses.getJsonObject("default");
  }

  private static void described(String operation, JsonObject response, Reply reply) {
    JsonObject content = response.getJsonObject("content", new JsonObject());
    if (content.isEmpty()) {
      assertThat(reply.body()).as(operation).isEmpty();
      return;
    }
    String type = reply.headers().getOrDefault("Content-Type", "").split(";", 2)[0];
    assertThat(content.fieldNames()).as("%s: %s", operation, reply.body()).contains(type);
    JsonObject schema = content.getJsonObject(type).getJsonObject("schema");
    if (schema != null && type.endsWith("json")) {
      assertThat(ContractSchemas.mistakes(schema, Json.decodeValue(reply.body())))
          .as("%s %s: %s", operation, reply.status(), reply.body())
          .isEmpty();
    }
  }

  // The one with the fewest placeholders, as the router has it.
  private static Optional<JsonObject> path(String asked) {
    String[] segments = asked.split("\\?", 2)[0].split("/", -1);
    return PATHS.fieldNames().stream()
        .filter(template -> matches(template.split("/", -1), segments))
        .min(Comparator.comparingLong(template -> template.chars().filter(c -> c == '{').count()))
        .map(PATHS::getJsonObject);
  }

  private static boolean matches(String[] template, String[] asked) {
    Predicate<Integer> same =
        i -> template[i].startsWith("{") ? !asked[i].isEmpty() : template[i].equals(asked[i]);
    return template.length == asked.length
        && IntStream.range(0, asked.length).boxed().allMatch(same);
  }
}
