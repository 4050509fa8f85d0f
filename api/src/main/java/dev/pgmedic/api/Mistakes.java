package dev.pgmedic.api;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import io.vertx.openapi.validation.SchemaValidationException;
import io.vertx.openapi.validation.ValidatorErrorType;
import io.vertx.openapi.validation.ValidatorException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Tells whoever sent what an operation does not take which field is meant and what the contract has
 * there. The validator's own words are about schemas.
 */
final class Mistakes {

  private static final String OPERATION = "pgmedic.operation";

  private static final Pattern PARAMETER =
      Pattern.compile("(?:query|header|path) parameter ([\\w-]+)");

  private static final Pattern MISSING = Pattern.compile("required property \"([^\"]+)\"");
  private static final String BODY = "the body";

  private final Operation operation;

  private Mistakes(Operation operation) {
    this.operation = operation;
  }

  /** Notes which operation a request is for. */
  static void inRequestFor(Operation operation, RoutingContext context) {
    context.put(OPERATION, operation);
  }

  /** The mistake in a request; empty where it is not known what the request is for. */
  static Optional<Problem> of(RoutingContext context, ValidatorException invalid) {
    return Optional.<Operation>ofNullable(context.get(OPERATION))
        .map(operation -> Problem.badRequest(new Mistakes(operation).told(invalid)));
  }

  private String told(ValidatorException invalid) {
    Matcher parameter = PARAMETER.matcher(String.valueOf(invalid.getMessage()));
    if (parameter.find()) {
      boolean missing = invalid.type() == ValidatorErrorType.MISSING_REQUIRED_PARAMETER;
      return parameter(parameter.group(1)) + (missing ? ", found nothing" : "");
    }
    return switch (invalid.type()) {
      case UNSUPPORTED_VALUE_FORMAT -> "Content-Type: expected application/json";
      case MISSING_REQUIRED_PARAMETER -> BODY + ": expected JSON, found nothing";
      case ILLEGAL_VALUE -> BODY + ": expected JSON";
      default ->
          invalid instanceof SchemaValidationException unfit
              ? inBody(body(), unfit.getOutputUnit())
              : String.valueOf(invalid.getMessage());
    };
  }

  private String parameter(String name) {
    JsonObject schema =
        operation.getParameters().stream()
            .filter(parameter -> parameter.getName().equals(name))
            .findFirst()
            .map(Parameter::getOpenAPIModel)
            .map(model -> model.getJsonObject("schema"))
            .orElseGet(JsonObject::new);
    return name + ": expected " + Expected.of(schema);
  }

  private JsonObject body() {
    return operation
        .getOpenAPIModel()
        .getJsonObject("requestBody")
        .getJsonObject("content")
        .getJsonObject("application/json")
        .getJsonObject("schema");
  }

  /** What does not fit a schema: the field by its place, and what is expected there. */
  static String inBody(JsonObject schema, OutputUnit checked) {
    List<OutputUnit> errors = Optional.ofNullable(checked.getErrors()).orElseGet(List::of);
    return errors.stream()
        .flatMap(unit -> missing(unit).stream())
        .findFirst()
        .map(place -> expected(schema, place) + ", found nothing")
        .orElseGet(() -> expected(schema, deepest(errors)));
  }

  private static Optional<String> missing(OutputUnit unit) {
    Matcher name = MISSING.matcher(String.valueOf(unit.getError()));
    return name.find()
        ? Optional.of(unit.getInstanceLocation() + "/" + name.group(1))
        : Optional.empty();
  }

  private static String deepest(List<OutputUnit> errors) {
    return errors.stream()
        .map(unit -> String.valueOf(unit.getInstanceLocation()))
        .max(Comparator.comparingInt(String::length))
        .orElse("#");
  }

  private static String expected(JsonObject schema, String place) {
    Optional<JsonObject> there = Optional.of(schema);
    List<String> names =
        Stream.of(place.split("/")).filter(name -> !name.isEmpty() && !name.equals("#")).toList();
    for (String name : names) {
      there = there.flatMap(outer -> inside(outer, name));
    }
    return (names.isEmpty() ? BODY : String.join(".", names))
        + ": expected "
        + there.map(Expected::of).orElse("no such field");
  }

  // A field, an entry of a list, or the value of a name that is the sender's own.
  private static Optional<JsonObject> inside(JsonObject schema, String name) {
    return Stream.of(
            schema.getJsonObject("properties", new JsonObject()).getValue(name),
            schema.getValue("items"),
            schema.getValue("additionalProperties"))
        .filter(JsonObject.class::isInstance)
        .map(JsonObject.class::cast)
        .findFirst();
  }
}
