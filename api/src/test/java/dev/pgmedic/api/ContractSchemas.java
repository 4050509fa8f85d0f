package dev.pgmedic.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The document that is served, and the schemas in it: read strictly, so that a field that they do
 * not name is a mistake.
 */
final class ContractSchemas {

  /** The document, with each reference replaced by what it names. */
  static final JsonObject DOCUMENT = inlined(load());

  private static final JsonSchemaOptions OPTIONS =
      new JsonSchemaOptions()
          .setBaseUri("https://pgmedic.dev/")
          .setDraft(Draft.DRAFT202012)
          .setOutputFormat(OutputFormat.Basic);

  private static final Map<JsonObject, Validator> VALIDATORS = new ConcurrentHashMap<>();

  private ContractSchemas() {}

  private static JsonObject load() {
    Map<String, Object> yaml =
        new Yaml(new SafeConstructor(new LoaderOptions())).load(Contract.YAML);
    return new JsonObject(new JsonObject(yaml).encode());
  }

  private static JsonObject inlined(JsonObject document) {
    return (JsonObject) inlined(document, document);
  }

  private static Object inlined(JsonObject document, Object node) {
    return switch (node) {
      case JsonObject object when object.containsKey("$ref") ->
          inlined(document, named(document, object.getString("$ref")));
      case JsonObject object -> {
        JsonObject whole = new JsonObject();
        object.forEach(field -> whole.put(field.getKey(), inlined(document, field.getValue())));
        yield whole;
      }
      case JsonArray array -> mapped(array, item -> inlined(document, item));
      case null -> throw new IllegalStateException("the contract has an empty value");
      default -> node;
    };
  }

  private static JsonObject named(JsonObject document, String reference) {
    JsonObject found = document;
    for (String name : reference.substring("#/".length()).split("/", -1)) {
      found = found.getJsonObject(name);
    }
    return found;
  }

  /** What is wrong with a value by a schema of the document; empty when nothing is. */
  static List<String> mistakes(JsonObject schema, Object value) {
    OutputUnit found =
        VALIDATORS
            .computeIfAbsent(
                schema, plain -> Validator.create(JsonSchema.of(strict(plain)), OPTIONS))
            .validate(value);
    return found.getErrors() == null
        ? List.of()
        : found.getErrors().stream()
            .map(error -> error.getInstanceLocation() + ": " + error.getError())
            .toList();
  }

  private static JsonObject strict(JsonObject schema) {
    JsonObject strict = schema.copy();
    if (strict.containsKey("properties")) {
      JsonObject properties = strict.getJsonObject("properties");
      properties
          .fieldNames()
          .forEach(name -> properties.put(name, strict(properties.getJsonObject(name))));
      if (!strict.containsKey("additionalProperties")) {
        strict.put("additionalProperties", false);
      }
    }
    if (strict.getValue("items") instanceof JsonObject items) {
      strict.put("items", strict(items));
    }
    Stream.of("oneOf", "anyOf")
        .filter(strict::containsKey)
        .forEach(kind ->
            strict.put(kind, mapped(strict.getJsonArray(kind), one -> strict((JsonObject) one))));
    return strict;
  }

  // The validator writes into what it is given.
  private static JsonArray mapped(JsonArray array, UnaryOperator<Object> change) {
    JsonArray mapped = new JsonArray();
    array.stream().map(change).forEach(mapped::add);
    return mapped;
  }
}
